package org.loghost.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that is out of step, for whatever reason, comes back into step. */
class ResynchronisationTest {
    private static final int MAX = 500;
    private static final List<String> TEXTS = List.of(
            "<14>1 - h app - - - Grüße aus Köln",
            "<14>1 - h app - - - plain",
            "<14>1 - h app - - - süß",
            "<14>1 - h app - - - Tür 12",
            "<14>1 - h app - - - 日本語のログ 4711",
            "<14>1 - h app - - - rocket \ud83d\ude80 \ud83d\ude80 started",
            "<14>1 - h app - - - ä",
            "<14>1 - h app - - - two\nlines with ö in them");

    private final FramesOf connection = new FramesOf(MAX);

    // ---- counts

    @Test
    void aCountInCharactersLosesNoByteAndTheNextFrameIsWhole() {
        for (int round = 0; round < 3; round++) {
            countedBy(text -> text.codePointCount(0, text.length())).forEach(connection::read);
        }
        assertThat(connection.texts()).isEqualTo(threeTimes(TEXTS));
        assertThat(connection.framer().skipped()).isZero();
        assertThat(connection.framer().wrongCounts()).isPositive();
    }

    @Test
    void aCountInCharactersInOneReadToo() {
        connection.read(String.join("", countedBy(text -> text.codePointCount(0, text.length()))));
        assertThat(connection.texts()).isEqualTo(TEXTS);
    }

    @Test
    void aCountInUnitsOfUtf16() {
        connection.read(String.join("", countedBy(String::length)));
        assertThat(connection.texts()).isEqualTo(TEXTS);
    }

    @Test
    void aCountInCharactersThatEndsInALineEnd() {
        for (String frame : countedBy(text -> text.codePointCount(0, text.length()))) {
            connection.read(frame + "\n");
        }
        assertThat(connection.texts()).isEqualTo(TEXTS);
    }

    @Test
    void rightCountsOfWideTextAreNotDoubted() {
        String stream = String.join("", countedBy(text -> text.getBytes(UTF_8).length));
        byte[] bytes = stream.repeat(3).getBytes(UTF_8);
        for (int piece = 1; piece <= 90; piece++) {
            FramesOf pieces = new FramesOf(MAX)
                    .readInPieces(bytes, new Random(piece), piece)
                    .end();
            assertThat(pieces.marked()).as("pieces of up to %d", piece).isEqualTo(threeTimes(TEXTS));
        }
    }

    @Test
    void whatACountInCharactersLeavesForALaterReadIsAMessageOfItsOwn() {
        byte[] frame = "20 <14>1 - h app: Gr\u00fc\u00dfe".getBytes(UTF_8);
        connection.read(frame, 0, 23, 0).read(frame, 23, 25, 0).read("5 <14>a5 <14>b");
        assertThat(connection.texts()).hasSize(4).endsWith("<14>a", "<14>b");
        assertThat(connection.between()).isEqualTo("20 5 5 ".length());
        assertThat(connection.framer().skipped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-20, -4, -3, -2, -1, 1, 2, 3, 4, 5, 6, 7, 10, 25, 60})
    void aCountThatIsAlwaysWrongByTheSame(int wrong) {
        List<String> texts = new ArrayList<>();
        StringBuilder stream = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            String text = "<14>Nov 22 06:30:00 h app[" + i + "]: some text that ends here";
            texts.add(text);
            stream.append(text.length() + wrong).append(' ').append(text);
        }
        connection.read(stream.toString()).end();
        assertThat(connection.texts()).isEqualTo(texts);
        assertThat(connection.framer().skipped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 ", "501 ", "600 ", "99999 ", "9999999 "})
    void aCountFarTooLargeSwallowsNothing(String count) {
        connection
                .read(count + "<14>one5 <14>a5 <14>b")
                .read("5 <14>c")
                .expire()
                .read("5 <14>d")
                .end();
        assertThat(connection.texts()).containsExactly("<14>one", "<14>a", "<14>b", "<14>c", "<14>d");
        assertThat(connection.framer().skipped()).isZero();
    }

    @Test
    void aFrameBeyondTheLimitIsCutAndTheNextIsFoundThoughItsCountIsWrong() {
        connection.read("9000 <14>" + "x".repeat(2_000) + "5 <14>a").read("5 <14>b");
        assertThat(connection.marked()).containsExactly("TRUNCATED|<14>" + "x".repeat(MAX - 4), "<14>a", "<14>b");
        assertThat(connection.framer().skipped()).isEqualTo(2_000 + 4 - MAX);
        assertThat(connection.between()).isEqualTo("9000 5 5 ".length());
    }

    @Test
    void aFrameBeyondTheLimitEndsWhereItsCountSays() {
        connection.read("2004 <14>" + "x".repeat(2_000) + "5 <14>a");
        assertThat(connection.texts()).containsExactly("<14>" + "x".repeat(MAX - 4), "<14>a");
    }

    // ---- delimiters

    @Test
    void nulEndsAFrame() {
        connection.read("<14>myapp[77]: m0\0<14>myapp[77]: m1\0");
        assertThat(connection.marked()).containsExactly("<14>myapp[77]: m0", "<14>myapp[77]: m1");
    }

    @Test
    void betweenFramesLineEndsAndBlanksAreSkipped() {
        connection
                .read("5 <14>a\0 5 <14>b\r\n5 <14>c  \n\0<14>d\r\n\0 \0\n <14>e\n")
                .end();
        assertThat(connection.marked()).containsExactly("<14>a", "<14>b", "<14>c", "<14>d\r", "<14>e");
        assertThat(connection.framer().skipped()).isZero();
    }

    @Test
    void blanksBeforeTextStay() {
        connection.read("<14>a\n\tat x\n    at y\n");
        assertThat(connection.texts()).containsExactly("<14>a", "\tat x", "    at y");
    }

    @Test
    void nulInsideACountedFrameIsText() {
        connection.read("7 <14>a\0b5 <14>c");
        assertThat(connection.texts()).containsExactly("<14>a\0b", "<14>c");
    }

    @Test
    void withoutAnyDelimiterTheConnectionDoesNotGoDeaf() {
        FramesOf pieces = new FramesOf(MAX);
        for (int i = 0; i < 1_000; i++) {
            pieces.read("<14>app: message number " + i);
        }
        pieces.end();
        long whole = pieces.texts().stream()
                .mapToLong(text -> text.split("message number", -1).length - 1)
                .sum();
        assertThat(whole).isGreaterThan(900);
        assertThat(pieces.texts()).last().asString().endsWith("message number 999");
        assertThat(pieces.framer().skipped()).isLessThan(1_000 * 5);
    }

    @Test
    void aSenderThatStopsToDelimitIsHeardAgainAfterTheLimit() {
        connection.read("<14>first\n");
        for (int i = 0; i < 1_000; i++) {
            connection.read("<14>app:m" + i);
        }
        connection.read("\n<14>last\n");
        assertThat(connection.texts()).last().isEqualTo("<14>last");
        assertThat(connection.texts()).hasSizeGreaterThan(5);
        assertThat(connection.framer().skipped()).isLessThan(1_000 * 12 * 2 / 3);
    }

    @Test
    void behindALineThatIsCutTheNextStartIsFound() {
        connection
                .read("<14>first\n<14>" + "x".repeat(700))
                .read("yyy <15>next")
                .read(" text\n");
        assertThat(connection.texts()).containsExactly("<14>first", "<14>" + "x".repeat(MAX - 4), "<15>next text");
        assertThat(connection.framer().skipped()).isEqualTo(700 + 4 - MAX + 4);
    }

    // ---- expiry, end, rubbish

    @Test
    void afterAHalfFrameExpiredTheNextIsWhole() {
        connection
                .read("<14>half")
                .expire()
                .read("<14>a\n")
                .read("52 <14>half")
                .expire()
                .read("5 <14>b");
        assertThat(connection.marked()).containsExactly("<14>half", "<14>a", "TRUNCATED|<14>half", "<14>b");
    }

    @Test
    void aHalfLineOfASenderThatDelimitsIsMarked() {
        assertThat(new FramesOf(MAX).read("<14>a\n<14>half").end().marked())
                .containsExactly("<14>a", "TRUNCATED|<14>half");
        assertThat(new FramesOf(MAX).read("<14>a\n<14>half").expire().marked())
                .containsExactly("<14>a", "TRUNCATED|<14>half");
    }

    @Test
    void oneMessageAConnectionWithoutDelimiterIsWholeUnlessTheConnectionBroke() {
        assertThat(new FramesOf(MAX).read("<14>all").end().marked()).containsExactly("<14>all");
        FramesOf broken = new FramesOf(MAX).read("<14>al");
        broken.framer()
                .end(
                        false,
                        (bytes, offset, length, flags) ->
                                assertThat(flags).isEqualTo(org.loghost.message.MessageBatch.TRUNCATED));
    }

    @Test
    void rubbishBeforeCountedFramesIsAMessageAndTheyAreWhole() {
        connection.read("\1\2\3rubbish5 <14>a5 <14>b").read("\7\7more5 <14>c");
        assertThat(connection.texts()).containsExactly("\1\2\3rubbish", "<14>a", "<14>b", "\7\7more", "<14>c");
    }

    @Test
    void aLineInUtf16EndsAtLf() {
        byte[] line = "\ufeff<14>app: wide\n".getBytes(Charset.forName("UTF-16LE"));
        byte[] next = "<14>next\n".getBytes(UTF_8);
        connection.read(line, 0, line.length, 0).read(next, 0, next.length, 0);
        assertThat(connection.texts()).hasSize(2).last().isEqualTo("<14>next");
    }

    // ---- counted frames behind what is out of step

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\1\2 x\nab\0yy\n\0zz.",
                "\1\2\n",
                "\1.",
                "\0\0\1\n\n\377..",
                "a\nb\5c.",
                "text without control bytes."
            })
    void countedFramesWithoutLineEndsAreFoundBehindRubbishAsTheyCome(String rubbish) {
        byte[] bytes = rubbish.getBytes(UTF_8);
        for (int piece = 1; piece < 9; piece++) {
            FramesOf pieces = new FramesOf(MAX).readInPieces(bytes, new Random(piece), piece);
            for (int i = 0; i < 5; i++) {
                pieces.read("6 <14>m" + i + "5 <14>");
                pieces.read("x");
            }
            assertThat(pieces.texts())
                    .containsSequence("<14>m1", "<14>x", "<14>m2", "<14>x")
                    .endsWith("<14>m4", "<14>x");
            assertThat(pieces.framer().skipped()).isZero();
        }
    }

    @Test
    void aHealthyLineStaysOneWhateverItHolds() {
        String first = "<14>app: first 5 <13>x";
        String next = "<14>app: sent 5 <13>x7 <13>abc, 5 <13>y";
        String text = "no header 5 <13>x";
        for (int piece = 1; piece < 60; piece++) {
            byte[] bytes = (first + "\n" + next + "\n" + text + "\n" + next + "\n").getBytes(UTF_8);
            assertThat(new FramesOf(MAX)
                            .readInPieces(bytes, new Random(piece), piece)
                            .marked())
                    .containsExactly(first, next, text, next);
        }
    }

    @Test
    void aHalfLineThatExpiresEndsBeforeTheCountedFramesInside() {
        connection.read("<14>line\n<14>half5 <14>a").read("5 <14>b6 <14>").expire();
        assertThat(connection.marked()).containsExactly("<14>line", "MALFORMED|<14>half", "<14>a", "<14>b");
        connection.read("cc5 <14>d");
        assertThat(connection.texts()).endsWith("<14>b", "<14>cc", "<14>d");
    }

    @Test
    void afterAHalfLineExpiredCountedFramesAreWhole() {
        connection.read("<14>line\n<14>half").expire().read("5 <14>a").read(" and5 <14>b");
        assertThat(connection.texts()).containsExactly("<14>line", "<14>half", "<14>a", " and", "<14>b");
    }

    @Test
    void aLineThatIsCutEndsBeforeTheCountedFramesInside() {
        connection.read("<14>line\n<14>no end").read("5 <14>a".repeat(MAX));
        assertThat(connection.texts()).hasSize(2 + MAX).contains("<14>no end").endsWith("<14>a");
        assertThat(connection.framer().skipped()).isZero();
    }

    @Test
    void aLineThatIsCutIsNotSplitForACountThatIsWrong() {
        connection.read("<14>line\n<14>see 5 <13>xyz, " + "x".repeat(MAX) + "\n<14>next\n");
        assertThat(connection.texts()).hasSize(3).endsWith("<14>next");
    }

    @Test
    void lineEndsOfCrAloneAreFoundOnceALineExpired() {
        connection.read("<14>a\r<14>b\r").expire().read("<14>c\r<14>d\r").expire();
        assertThat(connection.texts()).containsExactly("<14>a\r", "<14>b\r", "<14>c\r", "<14>d\r");
    }

    // ---- other protocols

    @Test
    void tlsGivesNoFrame() {
        byte[] hello = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3, '\n', '<', '1', '>', 'a', '\n'};
        assertThat(connection.readInPieces(hello, new Random(1), 1).end().texts())
                .isEmpty();
        assertThat(connection.framer().foreign()).isEqualTo(ForeignProtocol.TLS);
        assertThat(connection.framer().skipped()).isEqualTo(hello.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "POST /x HTTP/1.0", "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0"})
    void httpIsRecognisedAndItsLinesAreKept(String request) {
        byte[] bytes = (request + "\r\nHost: a\r\n\r\n").getBytes(UTF_8);
        for (int piece = 1; piece < 20; piece++) {
            FramesOf pieces = new FramesOf(MAX).readInPieces(bytes, new Random(piece), piece);
            assertThat(pieces.framer().foreign()).isEqualTo(ForeignProtocol.HTTP);
            assertThat(pieces.texts()).containsExactly(request + "\r", "Host: a\r");
        }
    }

    @Test
    void relpIsRecognised() {
        connection.read("1 open 85 relp_version=0\n");
        assertThat(connection.framer().foreign()).isEqualTo(ForeignProtocol.RELP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<14>a\n", "5 <14>a", "G\n", "GET lost\n", "1 <14>a", "\u0016x\n", "1\n"})
    void syslogIsNoOtherProtocol(String text) {
        for (int piece = 1; piece < 4; piece++) {
            FramesOf pieces = new FramesOf(MAX).readInPieces(text.getBytes(UTF_8), new Random(piece), piece);
            assertThat(pieces.end().texts()).isNotEmpty();
            assertThat(pieces.framer().foreign()).isNull();
        }
    }

    private static List<String> countedBy(ToIntFunction<String> count) {
        return TEXTS.stream().map(text -> count.applyAsInt(text) + " " + text).toList();
    }

    private static List<String> threeTimes(List<String> texts) {
        List<String> all = new ArrayList<>(texts);
        all.addAll(texts);
        all.addAll(texts);
        return all;
    }
}
