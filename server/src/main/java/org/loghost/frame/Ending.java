package org.loghost.frame;

/** Whether the kept bytes are read once more, because their frame does not come to its end. */
enum Ending {
    NO,
    /** By time: what follows a start inside may still come to its end. */
    EXPIRED,
    /** By the end of the connection: nothing follows. */
    CLOSED
}
