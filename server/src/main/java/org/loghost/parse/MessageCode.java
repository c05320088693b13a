package org.loghost.parse;

/**
 * The codes that network devices put in front of a message: {@code %FACILITY-SEVERITY-MNEMONIC}. No free text looks so,
 * which makes a code the proof that the words before it are a header.
 *
 * <pre>
 * %SYS-5-CONFIG_I:                     also #DOT1X-3-ABORT_AUTH: of older wireless controllers
 * %PM-SP-4-ERR_DISABLE:                a part of the facility
 * %SECURITY-SSHD-6-INFO_SUCCESS :      IOS XR has a blank before the colon
 * %$VDC-2%$ %ETHPORT-5-IF_UP:          NX-OS names its virtual device first
 * %STKUNIT0-M:CP %SEC-5-LOGIN_SUCCESS: Dell names the member of the stack first
 * </pre>
 *
 * <p>Stateless.
 */
final class MessageCode {
    static final int NONE = -1;

    /** {@code %$ VDC-2 %$} is three words. */
    private static final int MAX_WORDS_BEFORE = 3;

    private static final byte[][] FIREWALLS = {
        Ascii.bytes("%ASA-"), Ascii.bytes("%FTD-"), Ascii.bytes("%PIX-"), Ascii.bytes("%FWSM-"), Ascii.bytes("%ACE-"),
    };

    private MessageCode() {}

    /** Where the code begins that stands at {@code pos}, or behind a mark of the device there; or {@link #NONE}. */
    static int find(byte[] bytes, int pos, int end) {
        if (isAt(bytes, pos, end)) {
            return pos;
        }
        int at = pos;
        for (int i = 0; i < MAX_WORDS_BEFORE && Ascii.isAt(bytes, pos, end, '%'); i++) {
            at = Ascii.skipBlanks(bytes, Ascii.wordEnd(bytes, at, end), end);
            if (isAt(bytes, at, end)) {
                return at;
            }
        }
        return NONE;
    }

    /** Whether a code stands at {@code pos}, a colon behind it. */
    static boolean isAt(byte[] bytes, int pos, int end) {
        if (pos >= end || (bytes[pos] != '%' && bytes[pos] != '#')) {
            return false;
        }
        int codeEnd = end(bytes, pos + 1, end);
        return Ascii.isAt(bytes, Ascii.skipBlanks(bytes, codeEnd, end), end, ':')
                && hasSeverity(bytes, pos + 1, codeEnd);
    }

    /** Whether the code at {@code pos} is one of Cisco's firewalls, which put their name between stamp and code. */
    static boolean isOfFirewall(byte[] bytes, int pos, int end) {
        for (byte[] firewall : FIREWALLS) {
            if (Ascii.isAt(bytes, pos, end, firewall)) {
                return true;
            }
        }
        return false;
    }

    private static int end(byte[] bytes, int from, int end) {
        int i = from;
        while (i < end && (Ascii.isLetterOrDigit(bytes[i]) || isJoint(bytes[i]))) {
            i++;
        }
        return i;
    }

    private static boolean isJoint(byte b) {
        return b == '_' || b == '-' || b == '/' || b == '.';
    }

    /** A digit, or the letter of small switches ({@code %LINK-W-Down}), between two dashes. */
    private static boolean hasSeverity(byte[] bytes, int from, int to) {
        for (int i = from + 1; i + 3 < to; i++) {
            byte severity = bytes[i + 1];
            if (bytes[i] == '-'
                    && bytes[i + 2] == '-'
                    && ((severity >= '0' && severity <= '7') || Ascii.isUpper(severity))) {
                return true;
            }
        }
        return false;
    }
}
