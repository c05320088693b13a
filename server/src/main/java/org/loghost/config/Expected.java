package org.loghost.config;

/** A value that cannot be read; the message is what was expected instead of it. */
final class Expected extends IllegalArgumentException {
    Expected(String expectation) {
        super(expectation);
    }
}
