package org.loghost.message;

import java.util.List;

/**
 * The priority value of a message, {@code facility * 8 + severity}, as a plain {@code int} with these helpers.
 *
 * <p>Source: RFC 3164 section 4.1.1 and RFC 5424 section 6.2.1. Stateless; any thread.
 */
public final class Pri {
    /** What a message without a usable PRI gets: user.notice (RFC 3164 section 4.3.3). */
    public static final int DEFAULT = 13;

    /** The highest valid value: local7.debug. */
    public static final int MAX = 191;

    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "alert",
            "clock",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    private static final List<String> SEVERITIES =
            List.of("emerg", "alert", "crit", "err", "warning", "notice", "info", "debug");

    private Pri() {}

    /** The facility number, 0 to 23, of a valid {@code pri}. */
    public static int facility(int pri) {
        return pri >>> 3;
    }

    /** The severity number, 0 (emerg) to 7 (debug), of a valid {@code pri}. */
    public static int severity(int pri) {
        return pri & 7;
    }

    /** The facility's name as syslog.conf spells it, for example {@code authpriv}. */
    public static String facilityName(int pri) {
        return FACILITIES.get(facility(pri));
    }

    /** The severity's name as syslog.conf spells it, for example {@code warning}. */
    public static String severityName(int pri) {
        return SEVERITIES.get(severity(pri));
    }
}
