package org.loghost.metrics;

import java.util.List;

/**
 * Every count the server keeps. Counts only grow, and go on where the last run ended. They are saved by name: one that is
 * new begins at zero, one that is gone is forgotten.
 *
 * <p>The equations an operator may rely on, with {@code in flight} the messages between socket and file:
 *
 * <pre>
 * RECEIVED                = ARCHIVED + LOST_ARCHIVE + LOST_FILE + LOST_STOP + LOST_WAITING + LOST_UNCLEAN_END + in flight
 * sent to us by datagram  = RECEIVED (by UDP) + EMPTY + REFUSED_ADDRESS + LOST_KERNEL, if each has one message
 * CLASSIFIED             >= RECEIVED - LOST_WAITING - LOST_UNCLASSIFIED - LOST_UNCLEAN_END - in flight; 0 when nothing classifies
 * read from connections   = RECEIVED_BYTES (by TCP) + LOST_STREAM_BYTES + counts, line ends and blanks between frames
 * </pre>
 */
public enum Count {
    /** Messages taken in: one per datagram or frame that was not empty and whose sender is allowed. */
    RECEIVED("messages received"),
    /** Bytes of the frames counted in {@link #RECEIVED}. */
    RECEIVED_BYTES("bytes received"),
    /** Lines written to their hosts' files; those still in the archive's buffers are in flight. */
    ARCHIVED("lines archived"),
    /** Bytes of the lines counted in {@link #ARCHIVED}. */
    ARCHIVED_BYTES("bytes archived"),
    /** Messages the rules have looked at. */
    CLASSIFIED("messages classified"),

    /** Datagrams the kernel dropped because the socket's receive buffer was full. Never received. */
    LOST_KERNEL("lost: dropped by the kernel, receive buffer full"),
    /** Lines that could not be written to the archive: disk full or broken, or no memory left to wait in. */
    LOST_ARCHIVE("lost: not written to the archive"),
    /**
     * Lines given up at a stop that could not hand them on in time: they waited for their host's name, or had been read and
     * found no room.
     */
    LOST_WAITING("lost: the server stopped before they could be handed on"),
    /** Lines that could not be written because of their own host's file: permission, quota, something in its place. */
    LOST_FILE("lost: their host's file could not be written"),
    /** Lines for which a stop had no time left. */
    LOST_STOP("lost: not written in time at a stop"),
    /**
     * Messages in flight when the counts were saved last before an unclean end. The most that was lost of them: a few may
     * have been written in the last hundredths of a second.
     */
    LOST_UNCLEAN_END("lost: not on file yet at an unclean end (at most)"),
    /** Findings that were not stored one by one; they are told as counts. */
    LOST_FINDINGS("findings not stored one by one, told as counts"),
    /** Messages that no rule had looked at when a stop had no time left; the lines are in the archive. */
    LOST_UNCLASSIFIED("lost: not classified in time at a stop"),
    /**
     * Bytes of connections that belong to no message: behind what was cut at the limit, up to the next message; or of
     * another protocol. The sender is named in a notice.
     */
    LOST_STREAM_BYTES("lost: bytes of connections skipped, up to the next message"),

    /** Datagrams and connections from addresses the access list does not allow. */
    REFUSED_ADDRESS("refused: address not allowed"),
    /** Connections over the limit of connections in all. */
    REFUSED_CONNECTIONS("refused: too many connections"),
    /** Connections over the limit of connections of one sender. */
    REFUSED_SENDER_CONNECTIONS("refused: too many connections of one sender"),
    /** Connections closed, the quietest of the sender with most, because all places were taken and others had fewer. */
    CLOSED_FOR_OTHERS("connections closed to make room for other senders"),
    /**
     * Host names that were not taken because their sender invented too many, or because there are as many hosts as may
     * be; the lines went to the sender's host, or to the one for what is beyond.
     */
    REFUSED_HOST_NAMES("refused: host names over the limit"),

    /** Empty datagrams and frames; not counted as received. */
    EMPTY("empty datagrams and frames"),
    /** Messages kept whole because their header did not follow the format it announced. */
    MALFORMED("malformed messages (kept)"),
    /** Messages cut at the listener's limit. */
    TRUNCATED("messages truncated"),
    /** Half frames that were taken as messages because their rest did not come in time. */
    EXPIRED_FRAMES("half frames expired"),

    /** Connections opened. */
    CONNECTIONS_OPENED("connections opened"),
    /** Connections closed; opened minus closed are open now. */
    CONNECTIONS_CLOSED("connections closed"),

    /** Messages with a finding of tier ACTIVE SYSTEM ATTACK. */
    FOUND_ATTACK("findings: active system attack"),
    /** Messages with a finding of tier Security Violations. */
    FOUND_VIOLATION("findings: security violations"),
    /** Messages with a finding of tier Unusual System Activity. */
    FOUND_UNUSUAL("findings: unusual system activity"),

    /** Reports handed over to every destination. */
    REPORTS_SENT("reports sent"),
    /** Reports that some destination did not take in time or for want of room; put aside in the outbox. */
    REPORTS_GIVEN_UP("reports given up and put aside"),
    /** Reports that had been put aside, deleted to make room for others. */
    LOST_REPORTS("lost: reports given up, deleted to make room"),
    /** Attempts to hand a report over that failed and will be repeated. */
    MAIL_RETRIES("mail attempts failed");

    /** The reasons for which a received line is not in its host's file. */
    public static final List<Count> LOST_LINES =
            List.of(LOST_ARCHIVE, LOST_FILE, LOST_STOP, LOST_WAITING, LOST_UNCLEAN_END);

    private final String text;

    Count(String text) {
        this.text = text;
    }

    /** What {@code status} and the report call it. */
    public String text() {
        return text;
    }
}
