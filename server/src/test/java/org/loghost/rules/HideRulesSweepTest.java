package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.RoomLines;

/**
 * Puts words of failure wherever a rule that hides leaves room: alone, and as the last of two words where there is room for
 * a sentence. A single word in the middle of a line is a name, and the words around it say what happened. What is still
 * hidden otherwise must be a name, a path, quoted text or a command, as {@code sweep-exceptions.tsv} lists them: a pattern
 * for the line behind its time stamp, with what was put in between «», a tab, and the reason.
 */
class HideRulesSweepTest {
    /** How long the time stamp is, with the blank after it. */
    private static final int STAMP = 16;

    private static final long SEED = 20261129;
    private static final List<String> WORDS = List.of(
            "failed",
            "failure",
            "refused",
            "denied",
            "rejected",
            "invalid",
            "error",
            "fatal",
            "lost",
            "cannot",
            "unable",
            "timeout",
            "corrupt",
            "attack",
            "infected",
            "root",
            "FAILED",
            "ERROR",
            "DENIED",
            "INFECTED");

    private static final List<String> WORDS_AND_PHRASES =
            WORDS.stream().flatMap(word -> Stream.of(word, "x " + word)).toList();

    /** Behind these words stands how something ended. */
    private static final Pattern OUTCOME = Pattern.compile(
            "(?i)(status|result|state|reason|verify|res|stat|error|errors|action|ret|exit|code|outcome)[=: ]*[\"']?«");

    private static final RuleSet RULES =
            RuleLoader.load(RulesConfig.of(List.of(Path.of("rules").toAbsolutePath())));

    @Test
    void noWordOfFailureIsHiddenButInNamesAndQuotedText() throws IOException, PatternException {
        Map<Pattern, String> exceptions = exceptions();
        TreeSet<String> unused = new TreeSet<>(exceptions.values());
        Map<String, String> hidden = new TreeMap<>();
        int tried = 0;
        for (Rule rule : RULES.rules()) {
            if (rule.kind() != Rule.Kind.IGNORE) {
                continue;
            }
            List<RoomLines.Room> rooms = RoomLines.of(rule.pattern(), WORDS_AND_PHRASES, 2, new Random(SEED));
            tried += rooms.size();
            for (RoomLines.Room room : hidden(rooms)) {
                String marked = room.marked().substring(STAMP);
                if (isName(marked)) {
                    continue;
                }
                String exception = exceptions.entrySet().stream()
                        .filter(one -> one.getKey().matcher(marked).find())
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElse(null);
                if (exception == null) {
                    String place = rule.file().getFileName() + ":" + rule.line() + ", place " + room.place();
                    hidden.putIfAbsent(place, marked);
                } else {
                    unused.remove(exception);
                }
            }
        }
        assertThat(tried).isGreaterThan(10_000);
        assertThat(hidden.entrySet())
                .as("hidden with a word of failure, seed %s", SEED)
                .isEmpty();
        assertThat(unused).as("exceptions that nothing needs").isEmpty();
    }

    /** Whether it is a word without blanks in the middle of a line, and not the outcome of something. */
    private static boolean isName(String marked) {
        String word = marked.substring(marked.indexOf('«') + 1, marked.indexOf('»'));
        return !word.contains(" ")
                && !marked.endsWith("»")
                && !OUTCOME.matcher(marked).find();
    }

    /** Those of the lines that are not unusual. */
    private static List<RoomLines.Room> hidden(List<RoomLines.Room> rooms) {
        int count = rooms.size();
        int[] offsets = new int[count];
        int[] lengths = new int[count];
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            offsets[i] = lines.size();
            lines.writeBytes(rooms.get(i).line().getBytes(StandardCharsets.ISO_8859_1));
            lengths[i] = lines.size() - offsets[i];
        }
        Verdicts verdicts = new Verdicts();
        RULES.classify(lines.toByteArray(), offsets, lengths, count, verdicts);
        return IntStream.range(0, count)
                .filter(i -> (verdicts.tiers(i) & RuleSet.UNUSUAL) == 0)
                .mapToObj(rooms::get)
                .toList();
    }

    private static Map<Pattern, String> exceptions() throws IOException {
        Map<Pattern, String> exceptions = new LinkedHashMap<>();
        List<String> faulty = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("src/test/resources/rules/sweep-exceptions.tsv"))) {
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int tab = line.indexOf('\t');
            if (tab < 0) {
                faulty.add(line);
            } else {
                exceptions.put(Pattern.compile(line.substring(0, tab)), line);
            }
        }
        assertThat(faulty).as("exceptions without a reason").isEmpty();
        return exceptions;
    }
}
