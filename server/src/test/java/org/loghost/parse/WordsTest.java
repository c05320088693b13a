package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers of both kinds, whole and broken, put together at random: every word that is no header's is in the line. */
class WordsTest {
    private static final int ROUNDS = 30_000;
    private static final String[] STAMPS = {
        "Nov 22 06:30:00",
        "2026-11-22T06:30:00Z",
        "2026-11-22 06:30:00 +0100",
        "Sun Nov 22 06:30:00 2026",
        "1795329000.5",
    };
    private static final String[] HOSTS = {
        "web1", "2001:db8::1", "INFO", "a/b", "src@b", "user.info", "-", "[web1]", "8041", "9876543210", "../x", "fw1:",
    };
    private static final String[] WORDS = {
        "Failed",
        "sshd[123]:",
        "app:",
        "app",
        "CEF:0|A|b",
        "{\"a\":",
        "[preauth]",
        "[x",
        "12",
        "9876543210",
        "warn",
        "<info>",
        "[INFO]",
        "host:",
        "%SYS-5-X:",
        "-",
        "a=b",
        "2026-11-22",
        "06:30:00",
        "1",
        "key=\"v\"]",
        "\"",
        ":",
        "[]",
        "[a@1]",
        "auth|security:info",
        "0011b21628d1,U7-8.6.11:",
        "last",
        "message",
        "repeated",
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 20261129})
    void noWordIsLostFromABroken5424Header(long seed) {
        Random random = new Random(seed);
        Frames frames = new Frames();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> words = words(random, 1 + random.nextInt(7));
            String host = HOSTS[random.nextInt(HOSTS.length)];
            String text = "1 2026-11-22T06:30:00Z " + host + " " + String.join(" ", words);
            String line = frames.line("<14>" + text);
            ParsedMessage parsed = frames.writer.parsed();
            String msgId = frames.text(parsed.msgIdOffset, parsed.msgIdLength); // a column that lines do not have
            check("seed " + seed + ", round " + round + ": " + text, line, words, msgId);
            frames.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 20261129})
    void noWordIsLostBehindAStamp(long seed) {
        Random random = new Random(seed);
        Frames frames = new Frames();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> words = words(random, 1 + random.nextInt(7));
            String text = STAMPS[random.nextInt(STAMPS.length)] + " " + HOSTS[random.nextInt(HOSTS.length)] + " "
                    + String.join(" ", words);
            String line = frames.line("<14>" + text);
            check("seed " + seed + ", round " + round + ": " + text, line, words, "");
            frames.clear();
        }
    }

    private static List<String> words(Random random, int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(WORDS[random.nextInt(WORDS.length)]);
        }
        return words;
    }

    /** Each of them is somewhere in the line; the punctuation of the line's own form may differ. */
    private static void check(String what, String line, List<String> words, String msgId) {
        String low = bare(line);
        for (String word : words) {
            String wanted = bare(word);
            if (wanted.isEmpty() || word.equals(msgId)) {
                continue;
            }
            assertThat(low).as("%s -> %s misses %s", what, line, word).contains(wanted);
        }
    }

    /** Without what the line may add or leave out around a word: the colon and brackets of the tag, the case of the host. */
    private static String bare(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[:\\[\\]-]", "");
    }
}
