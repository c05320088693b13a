package org.loghost.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A report read back from a Maildir, as a mail reader would show it: our own mails alone, which are one part of plain
 * text in UTF-8, as it is or by quoted-printable (RFC 2045, section 6.7).
 *
 * @param headers unfolded, in order
 * @param text the decoded body
 */
record ReceivedMail(List<String> headers, String text) {
    /** RFC 2047, section 2, in the encoding Q. */
    private static final Pattern ENCODED_WORD = Pattern.compile("=\\?UTF-8\\?Q\\?([^?]*)\\?=(?:\\s+(?==\\?))?");

    /** The mails of a Maildir, oldest first. */
    static List<ReceivedMail> of(Path maildir) throws IOException {
        List<ReceivedMail> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(maildir.resolve("new"))) {
            for (Path file :
                    files.sorted(Comparator.comparing(Path::getFileName)).toList()) {
                mails.add(parse(Files.readAllBytes(file)));
            }
        }
        return mails;
    }

    static ReceivedMail parse(byte[] bytes) {
        String mail = new String(bytes, StandardCharsets.UTF_8).replace("\r\n", "\n");
        int end = mail.indexOf("\n\n");
        String head = (end < 0 ? mail : mail.substring(0, end)).replaceAll("\n[ \t]+", " ");
        String body = end < 0 ? "" : mail.substring(end + 2);
        List<String> headers = head.lines().map(ReceivedMail::decodedHeader).toList();
        boolean quoted = headers.stream()
                .map(header -> header.toLowerCase(Locale.ROOT))
                .anyMatch("content-transfer-encoding: quoted-printable"::equals);
        return new ReceivedMail(headers, quoted ? unquoted(body.replace("=\n", ""), false) : body);
    }

    /** A header's value; empty when it is not there. */
    String header(String name) {
        for (String header : headers) {
            if (header.regionMatches(true, 0, name + ": ", 0, name.length() + 2)) {
                return header.substring(name.length() + 2);
            }
        }
        return "";
    }

    private static String decodedHeader(String header) {
        return ENCODED_WORD.matcher(header).replaceAll(word -> Matcher.quoteReplacement(unquoted(word.group(1), true)));
    }

    private static String unquoted(String text, boolean underscoreIsBlank) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length);
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '=' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low >= 0) {
                out.write(high << 4 | low);
                i += 2;
            } else {
                out.write(in[i] == '_' && underscoreIsBlank ? ' ' : in[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
