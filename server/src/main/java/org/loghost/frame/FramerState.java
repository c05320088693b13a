package org.loghost.frame;

/** What the bytes that a {@link StreamFramer} has at hand are. */
enum FramerState {
    /** The connection's beginning, too little to tell the protocol. */
    FIRST,
    /** Between frames, or so few bytes of one that its kind is open. */
    START,
    /** Of a frame that ends with LF or NUL. */
    LINE,
    /** Of a frame that ends with LF. */
    WIDE_LINE,
    /** Of a frame that ends with LF or NUL, or before a start inside. */
    TEXT,
    /** Of a frame whose count says how many bytes are still to come. */
    COUNTED,
    /** The same, beyond the limit. */
    TOO_LONG,
    /** Behind what was cut, up to the next start. */
    SEEK,
    /** No syslog. */
    FOREIGN
}
