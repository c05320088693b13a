package org.loghost.archive;

import java.io.IOException;

/** A file or folder that the archive will not write to, because of what it is; the message says what and what to do. */
final class RefusedFileException extends IOException {
    RefusedFileException(String message) {
        super(message);
    }
}
