package org.loghost.parse;

/**
 * What stamps of Huawei have that others do not.
 *
 * <pre>
 * Nov  1 2026 00:00:00+00:00          the offset directly behind the time
 * Nov  1 2026 00:00:00+01:00 DST      with summer time in it
 * 2026-7-23 01:00:34.270.1            a date without zeros, a number of its own behind the fraction
 * </pre>
 *
 * <p>Stateless.
 */
final class HuaweiStamp {
    private static final byte[] SUMMER_TIME = Ascii.bytes(" DST ");

    private HuaweiStamp() {}

    static boolean isOffsetAt(byte[] bytes, int pos, int end) {
        return pos < end && (bytes[pos] == '+' || bytes[pos] == '-');
    }

    /** Reads the offset at {@code sign}; returns where the stamp ends, or {@link TimestampParser#NONE}. */
    static int offset(byte[] bytes, int sign, int end, Stamp stamp) {
        int after = TimestampParser.isoOffset(bytes, sign, end, stamp);
        boolean summer = after != TimestampParser.NONE && Ascii.isAt(bytes, after, end, SUMMER_TIME);
        return summer ? after + SUMMER_TIME.length - 1 : after;
    }

    /** Reads a date at {@code pos} that has dashes but not two digits each, and the time behind it. */
    static int parse(byte[] bytes, int pos, int end, Stamp stamp) {
        int month = pos + 5;
        int monthEnd = Ascii.skipDigits(bytes, month, end);
        int day = Math.min(end, monthEnd + 1);
        int dayEnd = Ascii.skipDigits(bytes, day, end);
        if (!isOneOrTwo(monthEnd - month)
                || !Ascii.isAt(bytes, monthEnd, end, '-')
                || !isOneOrTwo(dayEnd - day)
                || !Ascii.isAt(bytes, dayEnd, end, ' ')
                || !TimestampParser.year(bytes, pos, pos + 4, stamp)) {
            return TimestampParser.NONE;
        }
        stamp.month = TimestampParser.number(bytes, month, monthEnd);
        stamp.day = TimestampParser.number(bytes, day, dayEnd);
        return TimestampParser.timeOfDay(bytes, dayEnd + 1, end, stamp);
    }

    /** The end of the number behind a fraction that ends at {@code after}. */
    static int numberEnd(byte[] bytes, int after, int end) {
        boolean number = Ascii.isAt(bytes, after, end, '.') && after + 1 < end && Ascii.isDigit(bytes[after + 1]);
        return number ? Ascii.skipDigits(bytes, after + 1, end) : after;
    }

    private static boolean isOneOrTwo(int count) {
        return count == 1 || count == 2;
    }
}
