package org.loghost.parse;

/**
 * The dates that few devices write, each with a time behind it:
 *
 * <pre>
 * Sun Nov 22 06:30:00 2026            ctime, date(1)
 * Sun, 22 Nov 2026 06:30:00 +0000     RFC 5322
 * 22 Nov 2026 06:30:00                also with - or / between, a : before the time, no year
 * 2026/11/22 06:30:00
 * 2026:11:22-06:30:00                 Sophos UTM
 * 05/21/2017:00:00:00 GMT             NetScaler; also with a blank before the time
 * </pre>
 *
 * <p>Stateless; {@link TimestampParser} asks when the common forms do not fit.
 */
final class RareDates {
    private static final int NONE = TimestampParser.NONE;
    private static final int NUMBERS_LENGTH = 10;
    /** No zone is farther from UTC. */
    private static final int MAX_ZONE_SECONDS = 14 * 3600;

    private static final int QUARTER = 900;

    private RareDates() {}

    /** A date that starts with a digit, at {@code pos}; there are ten bytes at least. */
    static int digitsFirst(byte[] bytes, int pos, int end, Stamp stamp) {
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits - pos == 4) {
            return yearFirst(bytes, pos, end, stamp);
        }
        if (digits - pos > 2 || digits + 1 >= end) {
            return NONE;
        }
        return Ascii.isDigit(bytes[digits + 1])
                ? slashes(bytes, pos, end, stamp)
                : dayFirst(bytes, pos, digits, end, stamp);
    }

    /** A date behind the name of its day of the week, at {@code pos}. */
    static int weekdayFirst(byte[] bytes, int pos, int end, Stamp stamp) {
        if (!isWeekday(bytes, pos)) {
            return NONE;
        }
        int comma = pos + 3;
        int blank = bytes[comma] == ',' ? comma + 1 : comma;
        int date = Ascii.skipBlanks(bytes, blank, end);
        if (date == blank || date >= end || end - date < NUMBERS_LENGTH) {
            return NONE;
        }
        int after;
        if (!Ascii.isDigit(bytes[date])) {
            after = isWeekday(bytes, date) ? NONE : TimestampParser.monthFirst(bytes, date, end, stamp);
        } else {
            after = digitsFirst(bytes, date, end, stamp);
        }
        stamp.canonical = false;
        return after;
    }

    /** {@code yyyy/mm/dd hh:mm:ss}, {@code yyyy:mm:dd-hh:mm:ss}. */
    private static int yearFirst(byte[] bytes, int pos, int end, Stamp stamp) {
        byte separator = bytes[pos + 4];
        boolean sophos = separator == ':' && end - pos > NUMBERS_LENGTH && bytes[pos + NUMBERS_LENGTH] == '-';
        boolean slashed = separator == '/' && end - pos > NUMBERS_LENGTH && bytes[pos + NUMBERS_LENGTH] == ' ';
        if (!(sophos || slashed) || bytes[pos + 7] != separator) {
            return NONE;
        }
        stamp.month = Ascii.twoDigits(bytes, pos + 5);
        stamp.day = Ascii.twoDigits(bytes, pos + 8);
        return TimestampParser.year(bytes, pos, pos + 4, stamp)
                ? TimestampParser.timeOfDay(bytes, pos + NUMBERS_LENGTH + 1, end, stamp)
                : NONE;
    }

    /** {@code dd Mmm yyyy hh:mm:ss}. */
    private static int dayFirst(byte[] bytes, int pos, int dayEnd, int end, Stamp stamp) {
        byte separator = bytes[dayEnd];
        int month = dayEnd + 1;
        int monthEnd = month + 3;
        if ((separator != ' ' && separator != '-' && separator != '/')
                || !Ascii.isAt(bytes, monthEnd, end, (char) separator)) {
            return NONE;
        }
        stamp.day = TimestampParser.number(bytes, pos, dayEnd);
        stamp.month = TimestampParser.month(bytes, month);
        int time = monthEnd + 1;
        int yearEnd = time + 4;
        if (yearEnd < end
                && (bytes[yearEnd] == ' ' || bytes[yearEnd] == ':')
                && TimestampParser.year(bytes, time, yearEnd, stamp)) {
            time = yearEnd + 1;
        } else if (separator != ' ') {
            return NONE;
        }
        return TimestampParser.timeOfDay(bytes, time, end, stamp);
    }

    /** {@code mm/dd/yyyy:hh:mm:ss}; days beyond 12 in the first place say that it is {@code dd/mm/yyyy}. */
    private static int slashes(byte[] bytes, int pos, int end, Stamp stamp) {
        if (end - pos < TimestampParser.ISO_LENGTH - 1
                || bytes[pos + 2] != '/'
                || bytes[pos + 5] != '/'
                || (bytes[pos + NUMBERS_LENGTH] != ':' && bytes[pos + NUMBERS_LENGTH] != ' ')) {
            return NONE;
        }
        int first = Ascii.twoDigits(bytes, pos);
        int second = Ascii.twoDigits(bytes, pos + 3);
        stamp.month = first > 12 ? second : first;
        stamp.day = first > 12 ? first : second;
        return TimestampParser.year(bytes, pos + 6, pos + NUMBERS_LENGTH, stamp)
                ? TimestampParser.timeOfDay(bytes, pos + NUMBERS_LENGTH + 1, end, stamp)
                : NONE;
    }

    /**
     * {@code +0000} or {@code -07:00} apart from the time, as only complete dates have it; a number that is no zone's
     * offset is text.
     */
    static int offsetApart(byte[] bytes, int sign, int end, Stamp stamp) {
        if (stamp.year == Stamp.NO_YEAR || stamp.offsetSeconds != Stamp.NO_OFFSET) {
            return NONE;
        }
        int after = TimestampParser.isoOffset(bytes, sign, end, stamp);
        boolean offset = after >= sign + 5
                && TimestampParser.endsWord(bytes, after, end)
                && Math.abs(stamp.offsetSeconds) <= MAX_ZONE_SECONDS
                && stamp.offsetSeconds % QUARTER == 0;
        if (!offset) {
            stamp.offsetSeconds = Stamp.NO_OFFSET;
            return NONE;
        }
        return after;
    }

    /**
     * Whether {@code [pos, to)} has the form of RFC 3339's date and time, offset included, though no such time may exist.
     */
    static boolean isIsoForm(byte[] bytes, int pos, int to) {
        if (to - pos < TimestampParser.ISO_LENGTH + 1
                || !TimestampParser.isDateAt(bytes, pos, to)
                || (bytes[pos + 10] != 'T' && bytes[pos + 10] != 't')
                || bytes[pos + 13] != ':'
                || bytes[pos + 16] != ':'
                || Ascii.twoDigits(bytes, pos + 11) < 0
                || Ascii.twoDigits(bytes, pos + 14) < 0
                || Ascii.twoDigits(bytes, pos + 17) < 0) {
            return false;
        }
        int zone = pos + TimestampParser.ISO_LENGTH;
        if (bytes[zone] == '.' || bytes[zone] == ',') {
            zone = Ascii.skipDigits(bytes, zone + 1, to);
        }
        if (zone + 1 == to) {
            return bytes[zone] == 'Z' || bytes[zone] == 'z';
        }
        int minutes = Ascii.isAt(bytes, zone + 3, to, ':') ? zone + 4 : zone + 3;
        return minutes + 2 == to
                && (bytes[zone] == '+' || bytes[zone] == '-')
                && Ascii.twoDigits(bytes, zone + 1) >= 0
                && Ascii.twoDigits(bytes, minutes) >= 0;
    }

    private static boolean isWeekday(byte[] bytes, int pos) {
        // bit 5 makes ASCII letters lower-case; what it does to other bytes matches no day
        int name = (bytes[pos] | 0x20) << 16 | (bytes[pos + 1] | 0x20) << 8 | (bytes[pos + 2] | 0x20);
        return switch (name) {
            case 'm' << 16 | 'o' << 8 | 'n',
                    't' << 16 | 'u' << 8 | 'e',
                    'w' << 16 | 'e' << 8 | 'd',
                    't' << 16 | 'h' << 8 | 'u',
                    'f' << 16 | 'r' << 8 | 'i',
                    's' << 16 | 'a' << 8 | 't',
                    's' << 16 | 'u' << 8 | 'n' -> true;
            default -> false;
        };
    }
}
