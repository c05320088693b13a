package org.loghost.mail;

import java.nio.file.Path;
import java.util.Set;

/** A place that takes mails: a Maildir or a mail server. One thread of the outbox delivers. */
public interface Destination extends AutoCloseable {

    /** A short word that tells the destinations of one outbox apart in its state files: {@code maildir}. */
    String name();

    /** What the operator knows it by: {@code smtp mail.example.com:587}. */
    String place();

    /**
     * Tries once. Never throws for trouble at the destination.
     *
     * @param id the letter's id
     * @param mail the file that holds the complete mail
     * @param accepted recipients that have it already, by earlier tries
     */
    Delivery deliver(String id, Path mail, Set<String> accepted);

    /** Cuts a delivery in progress short, from any thread; later deliveries may be tried again. */
    @Override
    void close();
}
