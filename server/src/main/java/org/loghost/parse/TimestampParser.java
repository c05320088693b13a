package org.loghost.parse;

/**
 * Reads the time stamps that devices put in front of a message.
 *
 * <pre>
 * Oct 11 22:14:15                    RFC 3164; also a year before the month, behind the day or behind the time,
 *                                    a fraction, a zone behind the time, any case of the month, one digit of day
 * 2026-02-05T17:32:18.123456+01:00   RFC 3339; also a blank for the T, a comma for the dot, no zone, a blank before it
 * Nov 22 06:30:00:123 2026           H3C; see also HuaweiStamp and, for zones of any name, CiscoStamp
 * Sun Nov 22 06:30:00 2026           and the other forms of {@link RareDates}
 * 1770312738.123                     seconds since the epoch
 * </pre>
 *
 * <p>Stateless; the result goes into the caller's {@link Stamp}.
 */
final class TimestampParser {
    static final int NONE = -1;
    static final int CANONICAL_LENGTH = 15;

    static final int ISO_LENGTH = 19;
    private static final int EPOCH_DIGITS = 10;
    /** What RFC 5424 section 6 allows; no real zone is farther from UTC than 14 hours. */
    private static final int MAX_OFFSET_HOURS = 23;

    private static final int MIN_YEAR = 1970;
    private static final int MAX_YEAR = 2100;

    private TimestampParser() {}

    /**
     * Reads a stamp that starts at {@code pos}.
     *
     * @return where it ends: at a blank, a colon or {@code end}; or {@link #NONE}
     */
    static int parse(byte[] bytes, int pos, int end, Stamp stamp) {
        stamp.clear();
        if (end - pos < EPOCH_DIGITS) {
            return NONE;
        }
        stamp.start = pos;
        byte first = bytes[pos];
        int after;
        if (Ascii.isDigit(first)) {
            after = digitsFirst(bytes, pos, end, stamp);
        } else if (Ascii.isUpper(first) || Ascii.isLower(first)) {
            after = monthFirst(bytes, pos, end, stamp);
        } else {
            return NONE;
        }
        if (after == NONE || !stamp.isValid() || !endsHere(bytes, after, end)) {
            stamp.clear();
            return NONE;
        }
        stamp.present = true;
        return after;
    }

    /** Reads the stamp of RFC 5424 section 6.2.3, with what real senders make of it. */
    static int parseIso(byte[] bytes, int pos, int end, Stamp stamp) {
        stamp.clear();
        stamp.start = pos;
        int after = isDateAt(bytes, pos, end) ? iso(bytes, pos, end, stamp) : NONE;
        if (after == NONE || !stamp.isValid() || !endsHere(bytes, after, end)) {
            stamp.clear();
            return NONE;
        }
        stamp.present = true;
        return after;
    }

    /** Whether {@code dddd-dd-dd} stands at {@code pos}: enough to tell RFC 5424 from the rest. */
    static boolean isDateAt(byte[] bytes, int pos, int end) {
        return end - pos >= 10
                && bytes[pos + 4] == '-'
                && bytes[pos + 7] == '-'
                && Ascii.fourDigits(bytes, pos) >= 0
                && Ascii.twoDigits(bytes, pos + 5) >= 0
                && Ascii.twoDigits(bytes, pos + 8) >= 0;
    }

    /** Whether ten digits, a fraction perhaps and a blank stand at {@code pos}. */
    static boolean isEpochAt(byte[] bytes, int pos, int end) {
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits - pos != EPOCH_DIGITS || bytes[pos] == '0') {
            return false;
        }
        if (Ascii.isAt(bytes, digits, end, '.')) {
            int fraction = Ascii.skipDigits(bytes, digits + 1, end);
            return fraction > digits + 1 && Ascii.isAt(bytes, fraction, end, ' ');
        }
        return Ascii.isAt(bytes, digits, end, ' ');
    }

    private static boolean endsHere(byte[] bytes, int at, int end) {
        return at >= end || bytes[at] == ' ' || bytes[at] == ':';
    }

    // ---- Mmm dd hh:mm:ss

    static int monthFirst(byte[] bytes, int pos, int end, Stamp stamp) {
        if (end - pos < CANONICAL_LENGTH - 2) {
            return NONE;
        }
        stamp.month = bytes[pos + 3] == ' ' ? month(bytes, pos) : 0;
        if (stamp.month == 0) {
            return RareDates.weekdayFirst(bytes, pos, end, stamp);
        }
        int after = canonicalRest(bytes, pos, end, stamp);
        return after == NONE ? looseRest(bytes, pos + 4, end, stamp) : after;
    }

    /** The common case: fixed columns, the day padded with a blank, a blank behind. */
    private static int canonicalRest(byte[] bytes, int pos, int end, Stamp stamp) {
        int after = pos + CANONICAL_LENGTH;
        if (end <= after || bytes[after] != ' ' || bytes[pos + 6] != ' ') {
            return NONE;
        }
        int tens = bytes[pos + 4] == ' ' ? 0 : bytes[pos + 4] - '0';
        int ones = bytes[pos + 5] - '0';
        if (tens < 0 || tens > 9 || ones < 0 || ones > 9 || bytes[pos + 4] == '0' || !time(bytes, pos + 7, stamp)) {
            return NONE;
        }
        stamp.day = tens * 10 + ones;
        stamp.canonical = Ascii.isUpper(bytes[pos]) && Ascii.isLower(bytes[pos + 1]) && Ascii.isLower(bytes[pos + 2]);
        // A lower-case word is neither a year nor a zone: nothing more belongs to the stamp.
        if (end > after + 1 && Ascii.isLower(bytes[after + 1])) {
            return after;
        }
        int more = suffix(bytes, after, end, stamp);
        stamp.canonical &= more == after;
        return more;
    }

    private static int looseRest(byte[] bytes, int afterMonth, int end, Stamp stamp) {
        int pos = Ascii.skipBlanks(bytes, afterMonth, end);
        int digits = Ascii.skipDigits(bytes, pos, end);
        if (digits == pos || digits - pos > 2 || !Ascii.isAt(bytes, digits, end, ' ')) {
            return NONE;
        }
        stamp.day = number(bytes, pos, digits);
        pos = Ascii.skipBlanks(bytes, digits, end);
        digits = Ascii.skipDigits(bytes, pos, end);
        if (digits - pos == 4 && Ascii.isAt(bytes, digits, end, ' ')) {
            if (!year(bytes, pos, digits, stamp)) {
                return NONE;
            }
            pos = Ascii.skipBlanks(bytes, digits, end);
        }
        return timeOfDay(bytes, pos, end, stamp);
    }

    /** {@code hh:mm:ss} or {@code h:mm:ss}, and what may follow a time. */
    static int timeOfDay(byte[] bytes, int pos, int end, Stamp stamp) {
        int timeEnd = anyTime(bytes, pos, end, stamp);
        if (timeEnd == NONE) {
            return NONE;
        }
        int after = fraction(bytes, timeEnd, end, stamp);
        if (stamp.fractionDigits > 0) {
            after = HuaweiStamp.numberEnd(bytes, after, end);
        }
        if (HuaweiStamp.isOffsetAt(bytes, after, end)) {
            return HuaweiStamp.offset(bytes, after, end, stamp);
        }
        if (stamp.year != Stamp.NO_YEAR) { // without a year, AM may well be a host
            after = CiscoStamp.twelveHours(bytes, after, end, stamp);
        }
        return suffix(bytes, after, end, stamp);
    }

    private static int anyTime(byte[] bytes, int pos, int end, Stamp stamp) {
        if (end - pos < 7) {
            return NONE;
        }
        if (bytes[pos + 1] != ':') {
            return end - pos >= 8 && time(bytes, pos, stamp) ? pos + 8 : NONE;
        }
        stamp.hour = bytes[pos] - '0';
        stamp.minute = Ascii.twoDigits(bytes, pos + 2);
        stamp.second = bytes[pos + 4] == ':' ? Ascii.twoDigits(bytes, pos + 5) : -1;
        return Ascii.isDigit(bytes[pos]) && stamp.minute >= 0 && stamp.second >= 0 ? pos + 7 : NONE;
    }

    /** {@code hh:mm:ss}, eight bytes that the caller knows to exist. */
    private static boolean time(byte[] bytes, int pos, Stamp stamp) {
        if (bytes[pos + 2] != ':' || bytes[pos + 5] != ':') {
            return false;
        }
        stamp.hour = Ascii.twoDigits(bytes, pos);
        stamp.minute = Ascii.twoDigits(bytes, pos + 3);
        stamp.second = Ascii.twoDigits(bytes, pos + 6);
        return stamp.hour >= 0 && stamp.minute >= 0 && stamp.second >= 0;
    }

    static int fraction(byte[] bytes, int pos, int end, Stamp stamp) {
        if (pos + 1 >= end || !Ascii.isDigit(bytes[pos + 1]) || !isFractionAt(bytes, pos, end)) {
            return pos;
        }
        int after = Ascii.skipDigits(bytes, pos + 1, end);
        int micros = 0;
        for (int i = 0; i < 6; i++) {
            int at = pos + 1 + i;
            micros = micros * 10 + (at < after ? bytes[at] - '0' : 0);
        }
        stamp.micros = micros;
        stamp.fractionDigits = Math.min(6, after - pos - 1);
        return after;
    }

    /** A dot or comma; before milliseconds and a year, a colon: {@code 06:30:00:123 2026} of H3C. */
    private static boolean isFractionAt(byte[] bytes, int pos, int end) {
        return bytes[pos] == '.'
                || bytes[pos] == ','
                || (bytes[pos] == ':'
                        && Ascii.skipDigits(bytes, pos + 1, end) == pos + 4
                        && Ascii.isAt(bytes, pos + 4, end, ' ')
                        && Ascii.skipDigits(bytes, pos + 5, end) == pos + 9
                        && Ascii.isAt(bytes, pos + 9, end, ' '));
    }

    /** A year and a zone or offset behind the time, in either order, each behind one blank. */
    private static int suffix(byte[] bytes, int from, int end, Stamp stamp) {
        int pos = from;
        for (int i = 0; i < 2 && Ascii.isAt(bytes, pos, end, ' '); i++) {
            int word = pos + 1;
            if (word < end && (bytes[word] == '+' || bytes[word] == '-')) {
                int offsetEnd = RareDates.offsetApart(bytes, word, end, stamp);
                if (offsetEnd == NONE) {
                    break;
                }
                pos = offsetEnd;
                continue;
            }
            int wordEnd = word;
            while (wordEnd < end && bytes[wordEnd] != ' ' && bytes[wordEnd] != ':') {
                wordEnd++;
            }
            if (stamp.year == Stamp.NO_YEAR && endsWord(bytes, wordEnd, end) && year(bytes, word, wordEnd, stamp)) {
                pos = wordEnd;
                continue;
            }
            int zoneEnd = stamp.offsetSeconds == Stamp.NO_OFFSET ? zone(bytes, word, wordEnd, end, stamp) : NONE;
            if (zoneEnd == NONE) {
                break;
            }
            pos = zoneEnd;
        }
        return pos;
    }

    /** A word ends where a blank or the end follows; behind a colon too, but an IPv6 address is one word. */
    static boolean endsWord(byte[] bytes, int at, int end) {
        return at >= end
                || bytes[at] == ' '
                || (bytes[at] == ':' && (at + 1 >= end || bytes[at + 1] == ' ' || bytes[at + 1] == '%'));
    }

    /** A zone's name that ends at {@code wordEnd}, or, in {@code UTC+05:30}, behind the minutes. */
    private static int zone(byte[] bytes, int word, int wordEnd, int end, Stamp stamp) {
        int minutesEnd = wordEnd + 3;
        if (minutesEnd <= end
                && bytes[wordEnd] == ':'
                && (minutesEnd == end || bytes[minutesEnd] == ' ' || bytes[minutesEnd] == ':')) {
            int offset = ZoneNames.offsetSeconds(bytes, word, minutesEnd);
            if (offset != ZoneNames.UNKNOWN) {
                stamp.offsetSeconds = offset;
                return minutesEnd;
            }
        }
        int offset = ZoneNames.offsetSeconds(bytes, word, wordEnd);
        if (offset == ZoneNames.UNKNOWN || !endsWord(bytes, wordEnd, end)) {
            return NONE;
        }
        stamp.offsetSeconds = offset;
        return wordEnd;
    }

    static boolean year(byte[] bytes, int from, int to, Stamp stamp) {
        int year = to - from == 4 ? Ascii.fourDigits(bytes, from) : -1;
        if (year < MIN_YEAR || year > MAX_YEAR) {
            return false;
        }
        stamp.year = year;
        return true;
    }

    // ---- digits first

    private static int digitsFirst(byte[] bytes, int pos, int end, Stamp stamp) {
        if (isDateAt(bytes, pos, end)) {
            return iso(bytes, pos, end, stamp);
        }
        if (isEpochAt(bytes, pos, end)) {
            return epoch(bytes, pos, end, stamp);
        }
        if (bytes[pos + 4] == '-') {
            return HuaweiStamp.parse(bytes, pos, end, stamp);
        }
        if (bytes[pos + 4] == ' ') {
            int after = year(bytes, pos, pos + 4, stamp) ? monthFirst(bytes, pos + 5, end, stamp) : NONE;
            stamp.canonical = false;
            return after;
        }
        return RareDates.digitsFirst(bytes, pos, end, stamp);
    }

    /** {@code yyyy-mm-dd[T ]hh:mm:ss[.,fraction][zone]}; the caller has seen the date. */
    private static int iso(byte[] bytes, int pos, int end, Stamp stamp) {
        if (end - pos < ISO_LENGTH - 1
                || (bytes[pos + 10] != 'T' && bytes[pos + 10] != 't' && bytes[pos + 10] != ' ')) {
            return NONE;
        }
        stamp.year = Ascii.fourDigits(bytes, pos);
        stamp.month = Ascii.twoDigits(bytes, pos + 5);
        stamp.day = Ascii.twoDigits(bytes, pos + 8);
        int timeEnd = anyTime(bytes, pos + 11, end, stamp);
        if (stamp.year == 0 || timeEnd == NONE) {
            return NONE;
        }
        int after = fraction(bytes, timeEnd, end, stamp);
        if (after < end && (bytes[after] == 'Z' || bytes[after] == 'z')) {
            return zulu(bytes, after + 1, end, stamp);
        }
        if (after < end && (bytes[after] == '+' || bytes[after] == '-')) {
            return bytes[pos + 10] == ' '
                    ? HuaweiStamp.offset(bytes, after, end, stamp)
                    : isoOffset(bytes, after, end, stamp);
        }
        return suffix(bytes, after, end, stamp);
    }

    /** Behind the Z; some write the offset that it stands for as well. */
    private static int zulu(byte[] bytes, int pos, int end, Stamp stamp) {
        int after = pos < end && (bytes[pos] == '+' || bytes[pos] == '-') ? isoOffset(bytes, pos, end, stamp) : NONE;
        stamp.offsetSeconds = 0;
        return after == NONE ? pos : after;
    }

    /** {@code +hh:mm}, {@code +hhmm} or {@code +hh}. */
    static int isoOffset(byte[] bytes, int sign, int end, Stamp stamp) {
        if (end - sign < 3) {
            return NONE;
        }
        int hours = Ascii.twoDigits(bytes, sign + 1);
        int minutes = 0;
        int after = sign + 3;
        int minutesAt = Ascii.isAt(bytes, after, end, ':') ? after + 1 : after;
        if (end - minutesAt >= 2 && Ascii.twoDigits(bytes, minutesAt) >= 0) {
            minutes = Ascii.twoDigits(bytes, minutesAt);
            after = minutesAt + 2;
        }
        if (hours < 0 || hours > MAX_OFFSET_HOURS || minutes > 59) {
            return NONE;
        }
        int seconds = hours * 3600 + minutes * 60;
        stamp.offsetSeconds = bytes[sign] == '-' ? -seconds : seconds;
        return after;
    }

    private static int epoch(byte[] bytes, int pos, int end, Stamp stamp) {
        long seconds = 0;
        for (int i = pos; i < pos + EPOCH_DIGITS; i++) {
            seconds = seconds * 10 + (bytes[i] - '0');
        }
        stamp.epochSecond = seconds;
        setUtc(seconds, stamp);
        return fraction(bytes, pos + EPOCH_DIGITS, end, stamp);
    }

    private static void setUtc(long epochSecond, Stamp stamp) {
        CivilTime civil = stamp.civil;
        civil.set(epochSecond);
        stamp.epoch = true;
        stamp.year = civil.year;
        stamp.month = civil.month;
        stamp.day = civil.day;
        stamp.hour = civil.hour;
        stamp.minute = civil.minute;
        stamp.second = civil.second;
        stamp.offsetSeconds = 0;
    }

    static int number(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + (bytes[i] - '0');
        }
        return value;
    }

    /** Whether the name of a month and a blank stand at {@code pos}. */
    static boolean isMonthAt(byte[] bytes, int pos, int end) {
        return end - pos > 3 && bytes[pos + 3] == ' ' && month(bytes, pos) != 0;
    }

    /** The month whose English abbreviation stands at {@code pos}, in any case, 1 to 12; or 0. */
    static int month(byte[] bytes, int pos) {
        // bit 5 makes ASCII letters lower-case; what it does to other bytes matches no month
        int name = (bytes[pos] | 0x20) << 16 | (bytes[pos + 1] | 0x20) << 8 | (bytes[pos + 2] | 0x20);
        return switch (name) {
            case 'j' << 16 | 'a' << 8 | 'n' -> 1;
            case 'f' << 16 | 'e' << 8 | 'b' -> 2;
            case 'm' << 16 | 'a' << 8 | 'r' -> 3;
            case 'a' << 16 | 'p' << 8 | 'r' -> 4;
            case 'm' << 16 | 'a' << 8 | 'y' -> 5;
            case 'j' << 16 | 'u' << 8 | 'n' -> 6;
            case 'j' << 16 | 'u' << 8 | 'l' -> 7;
            case 'a' << 16 | 'u' << 8 | 'g' -> 8;
            case 's' << 16 | 'e' << 8 | 'p' -> 9;
            case 'o' << 16 | 'c' << 8 | 't' -> 10;
            case 'n' << 16 | 'o' << 8 | 'v' -> 11;
            case 'd' << 16 | 'e' << 8 | 'c' -> 12;
            default -> 0;
        };
    }
}
