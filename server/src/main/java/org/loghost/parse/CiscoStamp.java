package org.loghost.parse;

/**
 * The stamps of network devices: those that {@link TimestampParser} reads, with a mark of the clock before them and any
 * zone behind, or the time since the device was started.
 *
 * <pre>
 * *Mar  1 18:48:50.483 UTC:            * or . says that the clock is not synchronised
 * Aug 12 2023 12:14:24.412 mdt:        the zone is whatever word the device was given
 * Nov 22 06:30:00.1 +02:00:
 * Nov 22 2026 12:14:14 AM.141 UTC :    twelve hours
 * 00:01:01:   1w2d:   3d04h:   2y10w:  uptime
 * </pre>
 *
 * <p>A word that is no known zone leaves the stamp without one: it is the wall clock of the device. Stateless.
 */
final class CiscoStamp {
    static final int NONE = -1;

    private static final int MAX_ZONE = 32;
    private static final int MAX_OFFSET_HOURS = 14;

    private CiscoStamp() {}

    /** Reads a date and time at {@code pos}; returns where it ends, a zone included, or {@link #NONE}. */
    static int parse(byte[] bytes, int pos, int end, Stamp stamp) {
        int after = TimestampParser.parse(bytes, isMarked(bytes[pos]) ? pos + 1 : pos, end, stamp);
        if (after == TimestampParser.NONE) {
            return NONE;
        }
        after = twelveHours(bytes, after, end, stamp);
        int zone = zone(bytes, Ascii.skipBlanks(bytes, after, end), end, stamp);
        return zone == NONE ? after : zone;
    }

    /**
     * {@code AM} or {@code PM}, a fraction perhaps, behind a blank at {@code pos}: corrects the hour and returns where
     * it ends; or {@code pos} when it is not there.
     */
    static int twelveHours(byte[] bytes, int pos, int end, Stamp stamp) {
        if (end - pos < 4 || bytes[pos] != ' ' || bytes[pos + 2] != 'M') {
            return pos;
        }
        boolean afternoon = bytes[pos + 1] == 'P';
        int after = pos + 3;
        if ((!afternoon && bytes[pos + 1] != 'A')
                || (bytes[after] != '.' && bytes[after] != ' ' && bytes[after] != ':')
                || stamp.hour < 1
                || stamp.hour > 12) {
            return pos;
        }
        stamp.hour = stamp.hour % 12 + (afternoon ? 12 : 0);
        stamp.canonical = false;
        return TimestampParser.fraction(bytes, after, end, stamp);
    }

    static boolean isMarked(byte first) {
        return first == '*' || first == '.';
    }

    /** The end of the zone at {@code from}, which a colon must follow. */
    static int zone(byte[] bytes, int from, int end, Stamp stamp) {
        int sign = lettersEnd(bytes, from, end);
        int after = sign;
        if (sign < end && (bytes[sign] == '+' || bytes[sign] == '-')) {
            after = offsetEnd(bytes, sign, end);
        }
        int colon = Ascii.skipBlanks(bytes, after, end);
        if (after == from
                || after - from > MAX_ZONE
                || !Ascii.isAt(bytes, colon, end, ':')
                || Ascii.isAt(bytes, colon + 1, end, ':')) {
            return NONE;
        }
        if (after > sign && !isUpper(bytes, from, sign)) {
            return NONE; // "sw-1:" is a host
        }
        if (stamp.offsetSeconds == Stamp.NO_OFFSET) {
            stamp.offsetSeconds = offsetSeconds(bytes, from, sign, after);
        }
        return after;
    }

    /** The end of the letters, and of what {@code Europe/Berlin} and {@code US_East} have between them. */
    static int lettersEnd(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end
                && (Ascii.isLower(bytes[i])
                        || Ascii.isUpper(bytes[i])
                        || (i > from && (bytes[i] == '/' || bytes[i] == '_')))) {
            i++;
        }
        return i;
    }

    static boolean isUpper(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Ascii.isUpper(bytes[i])) {
                return false;
            }
        }
        return true;
    }

    /** The end of {@code +2}, {@code +02}, {@code +0200} or {@code +02:00}; {@code sign} itself when it is none. */
    private static int offsetEnd(byte[] bytes, int sign, int end) {
        int digits = Ascii.skipDigits(bytes, sign + 1, end);
        int count = digits - sign - 1;
        if (count < 1 || count > 4) {
            return sign;
        }
        int minutes = digits + 3;
        boolean apart = count <= 2
                && minutes <= end
                && bytes[digits] == ':'
                && Ascii.twoDigits(bytes, digits + 1) >= 0
                && (minutes == end || bytes[minutes] == ' ' || bytes[minutes] == ':');
        return apart ? minutes : digits;
    }

    /** Seconds east of UTC, or {@link Stamp#NO_OFFSET} when the zone's name is the device's own. */
    private static int offsetSeconds(byte[] bytes, int from, int sign, int after) {
        int base = sign == from ? 0 : ZoneNames.offsetSeconds(bytes, from, sign);
        if (base == ZoneNames.UNKNOWN || (after > sign && base != 0)) {
            return Stamp.NO_OFFSET;
        }
        if (after == sign) {
            return base;
        }
        int digits = Ascii.skipDigits(bytes, sign + 1, after);
        int number = 0;
        for (int i = sign + 1; i < digits; i++) {
            number = number * 10 + (bytes[i] - '0');
        }
        int hours = digits - sign > 3 ? number / 100 : number;
        int minutes = digits < after ? Ascii.twoDigits(bytes, digits + 1) : digits - sign > 3 ? number % 100 : 0;
        if (hours > MAX_OFFSET_HOURS || minutes > 59) {
            return Stamp.NO_OFFSET;
        }
        int seconds = hours * 3600 + minutes * 60;
        return bytes[sign] == '-' ? -seconds : seconds;
    }

    /** The end of an uptime at {@code pos}, where its colon stands, or {@link #NONE}. */
    static int uptimeEnd(byte[] bytes, int pos, int end) {
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits == pos || digits == end) {
            return NONE;
        }
        int after = bytes[digits] == ':' ? clockEnd(bytes, digits, end) : unitsEnd(bytes, pos, end);
        return after != NONE && Ascii.isAt(bytes, Ascii.skipBlanks(bytes, after, end), end, ':') ? after : NONE;
    }

    /** Whether {@code 1w2d} stands at {@code pos}. */
    static int unitsEnd(byte[] bytes, int pos, int end) {
        int at = pos;
        for (int units = 0; units < 2; units++) {
            int unit = Ascii.skipDigits(bytes, at, end);
            if (unit == at || unit == end || "ywdh".indexOf(bytes[unit]) < 0) {
                return NONE;
            }
            at = unit + 1;
        }
        return at;
    }

    /** {@code :01:01} behind the hours, with a fraction perhaps. */
    private static int clockEnd(byte[] bytes, int colon, int end) {
        int after = colon + 6;
        if (after > end
                || Ascii.twoDigits(bytes, colon + 1) < 0
                || bytes[colon + 3] != ':'
                || Ascii.twoDigits(bytes, colon + 4) < 0) {
            return NONE;
        }
        if (Ascii.isAt(bytes, after, end, '.')) {
            after = Ascii.skipDigits(bytes, after + 1, end);
        }
        return after;
    }
}
