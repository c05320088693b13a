package org.loghost.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A received line as a person may see it: bytes that are UTF-8 as their characters, other bytes as {@code \xNN}, and
 * every character that is invisible or turns the direction of text as its number in braces, so that no line can pretend
 * to be another one. Any thread.
 */
public final class ShownText {
    private ShownText() {}

    /**
     * The line to print.
     *
     * @param line one byte per char (ISO 8859-1)
     */
    public static String of(String line) {
        return isPrintableAscii(line) ? line : decoded(line);
    }

    /** The line to print, for bytes; a line that is printable already is passed on as it is. */
    public static void write(byte[] bytes, int offset, int length, OutputStream out) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < ' ' || bytes[i] > '~') {
                String line = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
                out.write(decoded(line).getBytes(StandardCharsets.UTF_8));
                return;
            }
        }
        out.write(bytes, offset, length);
    }

    /** The octets the shown line takes in a mail, at worst: quoted-printable makes three of each one beyond ASCII. */
    static long cost(String shown) {
        long cost = 2;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (c < 0x80) {
                cost++;
            } else if (c < 0x800 || Character.isSurrogate(c)) {
                cost += 6;
            } else {
                cost += 9;
            }
        }
        return cost;
    }

    private static boolean isPrintableAscii(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static String decoded(String line) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.ISO_8859_1));
        CharBuffer chars = CharBuffer.allocate(line.length());
        StringBuilder shown = new StringBuilder(line.length() + 32);
        while (true) {
            CoderResult result = decoder.decode(bytes, chars, true);
            append(shown, chars.flip().toString());
            chars.clear();
            if (!result.isError()) {
                return shown.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendByte(shown, bytes.get());
            }
            decoder.reset();
        }
    }

    /** The same for text that was decoded before: host names, rules, notices. */
    public static String ofText(String text) {
        if (isPrintableAscii(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 32);
        append(shown, text);
        return shown.toString();
    }

    private static void append(StringBuilder shown, String text) {
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            if (point < 0x80 && (point < ' ' || point == 0x7f)) {
                appendByte(shown, (byte) point);
            } else if (point >= 0x80 && isDeceptive(point)) {
                shown.append("\\u{")
                        .append(Integer.toHexString(point).toUpperCase(Locale.ROOT))
                        .append('}');
            } else {
                shown.appendCodePoint(point);
            }
            i += Character.charCount(point);
        }
    }

    private static void appendByte(StringBuilder shown, byte b) {
        shown.append("\\x")
                .append(Character.toUpperCase(Character.forDigit((b >> 4) & 15, 16)))
                .append(Character.toUpperCase(Character.forDigit(b & 15, 16)));
    }

    /** Controls, marks of direction, joiners, odd blanks, and code points that mean nothing to a reader. */
    private static boolean isDeceptive(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SPACE_SEPARATOR -> true;
            default -> isBlankLetter(point);
        };
    }

    /** Letters and marks that Unicode calls default-ignorable, and the empty Braille cell. */
    private static boolean isBlankLetter(int point) {
        return point == 0x034F
                || point == 0x115F
                || point == 0x1160
                || point == 0x17B4
                || point == 0x17B5
                || (point >= 0x180B && point <= 0x180F)
                || point == 0x2800
                || point == 0x3164
                || (point >= 0xFE00 && point <= 0xFE0F)
                || point == 0xFFA0
                || (point >= 0xE0100 && point <= 0xE01EF);
    }
}
