package org.loghost.parse;

/** The shape in which a message arrived, as far as it matters to whoever asks how it was understood. */
enum Format {
    /** PRI, version and the columns of RFC 5424 section 6. */
    RFC5424("rfc5424"),
    /** A time stamp in front of the text, with a host or without (RFC 3164 section 4.1 and what the world made of it). */
    RFC3164("rfc3164"),
    /** Sequence number, host or task before the stamp, as network devices send it. */
    CISCO("cisco"),
    /** Version 1 with the seconds since the epoch for a stamp and no columns. */
    MERAKI("meraki"),
    /** No time stamp that could be understood: the text stands alone. */
    HEADERLESS("headerless");

    private final String text;

    Format(String text) {
        this.text = text;
    }

    /** The name that {@code loghost parse} prints. */
    String text() {
        return text;
    }
}
