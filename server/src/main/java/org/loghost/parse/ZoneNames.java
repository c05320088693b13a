package org.loghost.parse;

import java.util.List;
import java.util.Map;

/**
 * The zone abbreviations that devices write into stamps. A closed list: any other word behind a stamp is the host.
 *
 * <p>Where one abbreviation has several meanings the one most devices mean is taken (CST is Central Standard Time of
 * North America, IST India, BST British Summer Time).
 */
final class ZoneNames {
    static final int UNKNOWN = Integer.MIN_VALUE;

    private static final int MAX_LENGTH = 4;

    private static final List<Map.Entry<String, Integer>> MINUTES = List.of(
            Map.entry("Z", 0),
            Map.entry("UTC", 0),
            Map.entry("GMT", 0),
            Map.entry("WET", 0),
            Map.entry("WEST", 60),
            Map.entry("BST", 60),
            Map.entry("CET", 60),
            Map.entry("MET", 60),
            Map.entry("CEST", 120),
            Map.entry("MEST", 120),
            Map.entry("EET", 120),
            Map.entry("SAST", 120),
            Map.entry("EEST", 180),
            Map.entry("MSK", 180),
            Map.entry("IST", 330),
            Map.entry("SGT", 480),
            Map.entry("HKT", 480),
            Map.entry("AWST", 480),
            Map.entry("JST", 540),
            Map.entry("KST", 540),
            Map.entry("ACST", 570),
            Map.entry("AEST", 600),
            Map.entry("AEDT", 660),
            Map.entry("NZST", 720),
            Map.entry("NZDT", 780),
            Map.entry("BRT", -180),
            Map.entry("ADT", -180),
            Map.entry("AST", -240),
            Map.entry("EDT", -240),
            Map.entry("EST", -300),
            Map.entry("CDT", -300),
            Map.entry("CST", -360),
            Map.entry("MDT", -360),
            Map.entry("MST", -420),
            Map.entry("PDT", -420),
            Map.entry("PST", -480),
            Map.entry("AKDT", -480),
            Map.entry("AKST", -540),
            Map.entry("HST", -600));

    private static final int[] KEYS = new int[MINUTES.size()];
    private static final int[] SECONDS = new int[MINUTES.size()];

    static {
        for (int i = 0; i < KEYS.length; i++) {
            byte[] name = Ascii.bytes(MINUTES.get(i).getKey());
            KEYS[i] = key(name, 0, name.length);
            SECONDS[i] = MINUTES.get(i).getValue() * 60;
        }
    }

    private ZoneNames() {}

    /** Seconds east of UTC of the zone written at {@code [from, to)}, or {@link #UNKNOWN}. */
    static int offsetSeconds(byte[] bytes, int from, int to) {
        if (from >= to || !Ascii.isUpper(bytes[from])) {
            return UNKNOWN;
        }
        if (to - from <= MAX_LENGTH) {
            int found = named(bytes, from, to);
            if (found != UNKNOWN) {
                return found;
            }
        }
        return numbered(bytes, from, to);
    }

    private static int named(byte[] bytes, int from, int to) {
        int key = key(bytes, from, to);
        for (int i = 0; i < KEYS.length; i++) {
            if (KEYS[i] == key) {
                return SECONDS[i];
            }
        }
        return UNKNOWN;
    }

    /** {@code TZ-6}, {@code GMT+1}, {@code UTC+05:30}: hours, and minutes perhaps. */
    private static int numbered(byte[] bytes, int from, int to) {
        int sign = from + (Ascii.isAt(bytes, from, to, TZ) ? 2 : 3);
        boolean known = sign == from + 2 || Ascii.isAt(bytes, from, to, UTC) || Ascii.isAt(bytes, from, to, GMT);
        if (!known || sign + 1 >= to || (bytes[sign] != '-' && bytes[sign] != '+')) {
            return UNKNOWN;
        }
        int digits = Ascii.skipDigits(bytes, sign + 1, to);
        if (digits - sign - 1 < 1 || digits - sign - 1 > 2) {
            return UNKNOWN;
        }
        int hours = digits - sign == 2 ? bytes[sign + 1] - '0' : Ascii.twoDigits(bytes, sign + 1);
        int minutes = 0;
        if (digits + 3 == to && bytes[digits] == ':') {
            minutes = Ascii.twoDigits(bytes, digits + 1);
        } else if (digits != to) {
            return UNKNOWN;
        }
        if (hours > 14 || minutes < 0 || minutes > 59) {
            return UNKNOWN;
        }
        int seconds = hours * 3600 + minutes * 60;
        return bytes[sign] == '-' ? -seconds : seconds;
    }

    private static int key(byte[] bytes, int from, int to) {
        int key = 0;
        for (int i = from; i < to; i++) {
            key = key << 8 | (bytes[i] & 0xff);
        }
        return key;
    }

    private static final byte[] TZ = Ascii.bytes("TZ");
    private static final byte[] UTC = Ascii.bytes("UTC");
    private static final byte[] GMT = Ascii.bytes("GMT");
}
