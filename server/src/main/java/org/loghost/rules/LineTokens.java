package org.loghost.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log line cut into what stays and what changes from line to line: numbers, addresses, names, times. Total: every line
 * has tokens, and together they are the line. However long it is, the time is proportional to its length and the stack
 * stays small: nothing in the forms that is tried again and again is longer than a host's name or an address.
 */
final class LineTokens {
    /** What a token is, and how a rule says it. */
    enum Type {
        QUOTED("\"[^\"]*\"|(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])", ""),
        DATE_TIME(
                "≪\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d([.,]\\d+)?(Z|[+-]\\d\\d:?\\d\\d)?≫",
                "[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,+Z-]+"),
        DATE("≪\\d{4}-\\d\\d-\\d\\d≫", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
        MAC("≪(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![0-9a-zA-Z_:])", "([[:xdigit:]]{2}:){5}[[:xdigit:]]{2}"),
        TIME("≪\\d{1,2}:\\d\\d:\\d\\d(?:[.,]\\d+)?(?![0-9A-Za-z_:])", "[0-9]{1,2}:[0-9]{2}:[0-9]{2}([.,][0-9]+)?"),
        UUID(
                "≪[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}≫",
                "[[:xdigit:]]{8}(-[[:xdigit:]]{4}){3}-[[:xdigit:]]{12}"),
        IPV6(
                "(?<![A-Za-z0-9_:])(?=[0-9a-fA-F:])(?=[0-9a-fA-F:.]{0,45}:[0-9a-fA-F:.]{0,45}:)"
                        + "(?=[^ ]{0,45}(?:::|(?:[0-9a-fA-F]{1,4}:){7}))(?=[0-9a-fA-F:]{0,45}[0-9a-fA-F])"
                        + "[0-9a-fA-F:]{0,45}(?:[0-9a-fA-F]|::)(?:\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3})?(?![A-Za-z0-9_])",
                "[[:xdigit:]]*:[[:xdigit:]:.]+"),
        IPV4("≪(?:\\d{1,3}\\.){3}\\d{1,3}(?!\\.?[A-Za-z0-9_])", "[0-9]{1,3}(\\.[0-9]{1,3}){3}"),
        HOST(
                "≪(?>[A-Za-z0-9_][A-Za-z0-9_-]{0,62}(?:\\.[A-Za-z0-9_-]{1,63}){0,20}\\.[A-Za-z][A-Za-z0-9-]{0,62})"
                        + "(?![@A-Za-z0-9_])",
                "[._[:alnum:]-]+"),
        PATH("(?<![A-Za-z0-9_/.])/[A-Za-z0-9_+@~%-][A-Za-z0-9._+@~%/-]*", ""),
        USER("(?<=[Uu]ser[ =]|[Uu]ser=<|USER=|[Uu]ser '|\\bfor )[A-Za-z_][A-Za-z0-9_.@\\\\-]*[A-Za-z0-9_$]", ""),
        HEX(
                "≪(?:0x[0-9a-fA-F]+|(?=[a-f]*\\d)(?=\\d*[a-f])[0-9a-f]{6,}|(?=[A-F]*\\d)(?=\\d*[A-F])[0-9A-F]{6,})≫",
                "(0x)?[[:xdigit:]]+"),
        NUMBER("≪\\d+(?:≫|(?=(?:[mun]?s|[kKMGT]i?B?|B)≫))", "[0-9]+"),
        WORD("[A-Za-z0-9_\\x80-\\xff]++(?:-[A-Za-z0-9_\\x80-\\xff]++)*+", ""),
        SEPARATOR("(?s).", "");

        private final Pattern form;
        private final String rule;

        Type(String form, String rule) {
            this.form = Pattern.compile(edged(form));
            this.rule = rule;
        }

        /** In the forms, ≪ is the start of a word and ≫ its end. */
        private static String edged(String form) {
            return form.replace("≪", "(?<![A-Za-z0-9_])").replace("≫", "(?![A-Za-z0-9_])");
        }

        /** Whether it is expected to be another one in the next line, so that one sample is enough to say so. */
        boolean changes() {
            return !rule.isEmpty();
        }

        /** What matches any of the type. */
        String rule() {
            return rule;
        }
    }

    /** What looks like a host's last label and is none. */
    private static final Set<String> NO_DOMAINS = Set.of(
            "service", "socket", "timer", "target", "mount", "slice", "scope", "device", "path", "swap", "conf", "cfg",
            "log", "sh", "py", "pl", "rb", "php", "html", "htm", "xml", "json", "txt", "pid", "sock", "so", "db", "c",
            "h", "cc", "java", "jar", "gz", "tmp", "lock", "key", "pem", "crt", "d");

    /** One token. */
    record Token(Type type, String text) {}

    private LineTokens() {}

    /** The tokens of a line without its time stamp and host. */
    static List<Token> of(String text) {
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            Token token = tokenAt(text, at);
            tokens.add(token);
            at += token.text().length();
        }
        return tokens;
    }

    private static Token tokenAt(String text, int at) {
        for (Type type : Type.values()) {
            Matcher matcher = type.form.matcher(text).region(at, text.length()).useTransparentBounds(true);
            if (matcher.lookingAt() && !matcher.group().isEmpty() && isReally(type, matcher.group())) {
                return new Token(type, matcher.group());
            }
        }
        return new Token(Type.SEPARATOR, text.substring(at, at + 1));
    }

    private static boolean isReally(Type type, String text) {
        return type != Type.HOST || !NO_DOMAINS.contains(text.substring(text.lastIndexOf('.') + 1));
    }
}
