package org.loghost.frame;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What clients of other protocols say first when they reach a plain syslog port by mistake. */
public enum ForeignProtocol {
    /** A TLS handshake: {@code 16 03} and a version of 0 to 4. Nothing in it is text. */
    TLS("TLS"),
    /** A request of HTTP/1 or HTTP/2. */
    HTTP("HTTP"),
    /** The first command of RELP, which waits for an answer. */
    RELP("RELP");

    private static final List<String> REQUESTS =
            List.of("GET /", "POST /", "PUT /", "HEAD /", "PATCH /", "DELETE /", "OPTIONS ", "CONNECT ", "PRI * HTTP");

    private final String text;

    ForeignProtocol(String text) {
        this.text = text;
    }

    /** The protocol's name. */
    public String text() {
        return text;
    }

    /** The protocol that a connection begins with, or null. */
    static @Nullable ForeignProtocol of(JoinedBytes begin) {
        for (ForeignProtocol one : values()) {
            if (one.matches(begin) == JoinedBytes.YES) {
                return one;
            }
        }
        return null;
    }

    /** Whether it takes more bytes to tell. */
    static boolean isOpen(JoinedBytes begin) {
        for (ForeignProtocol one : values()) {
            if (one.matches(begin) == JoinedBytes.OPEN) {
                return true;
            }
        }
        return false;
    }

    private int matches(JoinedBytes begin) {
        return switch (this) {
            case TLS -> tls(begin);
            case HTTP -> http(begin);
            case RELP -> begin.startsWith("1 open ");
        };
    }

    private static int http(JoinedBytes begin) {
        int best = JoinedBytes.NO;
        for (String request : REQUESTS) {
            best = Math.max(best, begin.startsWith(request));
        }
        return best;
    }

    private static int tls(JoinedBytes begin) {
        if (begin.at(0) != 0x16) {
            return JoinedBytes.NO;
        }
        if (begin.length() == 1) {
            return JoinedBytes.OPEN;
        }
        if (begin.at(1) != 3) {
            return JoinedBytes.NO;
        }
        if (begin.length() == 2) {
            return JoinedBytes.OPEN;
        }
        return begin.at(2) >= 0 && begin.at(2) <= 4 ? JoinedBytes.YES : JoinedBytes.NO;
    }
}
