package org.loghost.pattern;

/**
 * One pattern that cannot be used: {@code grep -E} refuses it too, or it is larger than {@link PatternSet} accepts.
 *
 * <p>The message says what was found and, in parentheses, what was expected. It concerns this pattern only; the
 * builder that threw it can go on with the next one.
 */
public final class PatternException extends Exception {
    private final int offset;

    PatternException(String message, int offset) {
        super(message);
        this.offset = offset;
    }

    /** Where in the pattern the fault was noticed: a byte offset from 0 to the pattern's length. */
    public int offset() {
        return offset;
    }
}
