package org.loghost.listen;

import org.loghost.frame.ForeignProtocol;
import org.loghost.message.Sender;
import org.loghost.metrics.Notice.Level;
import org.loghost.metrics.Notice.Topic;
import org.loghost.metrics.Notices;

/**
 * Tells the operator who sends to one listener in a way that loses text or is not meant for it, and what to do: one notice
 * a kind, which names senders. Of each sender and kind once a minute, so that a flood costs little.
 *
 * <p>Any thread.
 */
final class OddSenders {
    private final Notices notices;
    private final FaultLog due = new FaultLog();

    OddSenders(Notices notices) {
        this.notices = notices;
    }

    /** A connection began with another protocol. */
    void speaks(ForeignProtocol protocol, Sender sender) {
        String where = protocol.text() + " comes to " + sender.listener().name() + ", which takes plain syslog: ";
        switch (protocol) {
            case TLS ->
                post(
                        Level.WARNING,
                        "tls",
                        sender,
                        where + "such connections are closed, nothing of them is kept (switch TLS off at the sender, or"
                                + " put a TLS proxy before this port)");
            case HTTP ->
                post(
                        Level.INFO,
                        "http",
                        sender,
                        where + "its lines are kept as messages (point the client at its web server, or leave it out of"
                                + " allow)");
            case RELP ->
                post(
                        Level.WARNING,
                        "relp",
                        sender,
                        where + "its senders wait for answers that do not come (let them send by plain TCP: in rsyslog,"
                                + " omfwd instead of omrelp)");
        }
    }

    /** Bytes of a connection were skipped. */
    void skipped(Sender sender) {
        post(
                Level.WARNING,
                "skipped",
                sender,
                "bytes of connections at " + sender.listener().name()
                        + " were skipped, as they belong to no message: one was longer than max-message, its count was"
                        + " wrong, or its end was missing (raise max-message, or let the sender end each message with"
                        + " LF)");
    }

    /** Frames did not end where their count said. */
    void miscounts(Sender sender) {
        post(
                Level.INFO,
                "count",
                sender,
                "frames with wrong counts come to " + sender.listener().name()
                        + ", such as characters instead of octets: their ends were looked for (let the sender count"
                        + " octets as RFC 6587 says, or end each message with LF)");
    }

    /** A datagram began with a count. */
    void countsDatagrams(Sender sender) {
        post(
                Level.INFO,
                "count",
                sender,
                "datagrams with a count come to " + sender.listener().name()
                        + ": they are read without it (switch octet counting off at the sender, it belongs to TCP)");
    }

    private void post(Level level, String kind, Sender sender, String text) {
        if (due.isDue(kind + " " + sender.addressText(), System.nanoTime())) {
            String key = kind + " " + sender.listener().name();
            notices.postExample(Topic.OUTSIDERS, level, key, text, sender.addressText());
        }
    }
}
