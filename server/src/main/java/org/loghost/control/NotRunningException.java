package org.loghost.control;

import java.io.IOException;

/** No server answers at a control socket; the message is for the operator. */
public final class NotRunningException extends IOException {
    NotRunningException(String message) {
        super(message);
    }

    NotRunningException(String message, Throwable cause) {
        super(message, cause);
    }
}
