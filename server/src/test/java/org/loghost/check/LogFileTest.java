package org.loghost.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogFileTest {
    private static final long SEED = 20261123;

    @TempDir
    Path folder;

    private Path log = Path.of("log");
    private final List<String> notices = new ArrayList<>();
    private @Nullable Place place;

    @BeforeEach
    void name() {
        log = folder.resolve("log");
    }

    @Test
    void anEmptyRotatedGzipFileIsToldOfAndTheLogRead() throws IOException {
        append("one\n");
        read();
        replaceLog("two\n");
        Files.createFile(folder.resolve("log.3.gz"));

        assertThat(read()).containsExactly("two");
        assertThat(notices)
                .anySatisfy(notice ->
                        assertThat(notice).contains("log.3.gz: ends too early").contains("gzip"))
                .noneSatisfy(notice -> assertThat(notice).contains("null"));

        append("three\n");
        assertThat(read()).containsExactly("three");
        assertThat(notices).as("told once").isEmpty();
    }

    @Test
    void whatIsNoGzipFileIsToldOfAndTheOthersRead() throws IOException {
        append("one\n");
        read();
        append("two\n");
        move("log", "log.2");
        Files.writeString(folder.resolve("log.1.gz"), "no gzip at all, but long enough for a header\n");
        append("four\n");

        assertThat(read()).containsExactly("two", "four");
        assertThat(notices).singleElement().asString().contains("log.1.gz").contains("(expected: a gzip file)");
    }

    @Test
    void aRotatedGzipFileThatEndsInTheMiddleIsReadUpToThere() throws IOException {
        append("one\n");
        read();
        append("two\n");
        move("log", "log.2");
        Files.write(folder.resolve("log.1.gz"), half(gzip(randomLines())));
        append("last\n");

        List<String> seen = read();

        assertThat(seen).startsWith("two").endsWith("last").hasSizeBetween(10, 5_000);
        assertThat(seen.get(1)).startsWith("line 0 ");
        assertThat(notices)
                .singleElement()
                .asString()
                .contains("log.1.gz: ends too early")
                .contains("behind byte");
        assertThat(read()).isEmpty();
        assertThat(notices).isEmpty();
    }

    @Test
    void aGzipFileThatEndsBeforeThePlaceDoesNotHideTheOneThatWasRead() throws IOException {
        append("x".repeat(5_000) + "\n");
        read();
        append("two\n");
        move("log", "log.2");
        Files.write(folder.resolve("log.1.gz"), half(gzip("three\n" + "y".repeat(4_000) + "\n")));
        append("four\n");

        assertThat(read()).startsWith("two").endsWith("four");
        assertThat(notices).singleElement().asString().contains("log.1.gz: ends too early");
    }

    @Test
    void foldersAndPipesNamedAsRotationsAreNone() throws Exception {
        append("one\n");
        read();
        append("two\n");
        move("log", "log.3");
        Files.createDirectory(folder.resolve("log.1.gz"));
        pipe(folder.resolve("log.2"));
        append("three\n");

        assertThat(read()).containsExactly("two", "three");
        assertThat(notices).isEmpty();
    }

    @Test
    void aPipeInThePlaceOfTheLogIsRefused() throws Exception {
        append("one\n");
        read();
        Files.delete(log);
        pipe(log);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("is no file (expected:");
    }

    @Test
    void aLogThatIsGoneWithoutATraceIsAFailure() throws IOException {
        append("");
        read();
        Files.delete(log);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("log: no such file");

        append("one\n");
        read();
        Files.delete(log);

        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("log: no such file");
    }

    @Test
    void whatMayNotBeReadIsToldWithItsReason() {
        assertThat(LogStream.failure(log, new AccessDeniedException(log.toString())))
                .hasMessageContaining("no permission to read it");
        assertThat(LogStream.failure(log, new IOException())).hasMessageNotContaining("null");
    }

    @Test
    void aLogBehindASymbolicLinkIsRotatedWhereItLies() throws IOException {
        Path away = Files.createDirectory(folder.resolve("away"));
        Files.createSymbolicLink(log, away.resolve("real"));
        append("one\n");
        read();
        append("two\n");
        Files.move(away.resolve("real"), away.resolve("real.1"));
        append("three\n");

        assertThat(read()).containsExactly("two", "three");
        assertThat(notices).isEmpty();
    }

    @Test
    void aCopyWhoseLogIsNotTruncatedYetIsReadOnce() throws IOException {
        append("");
        read();
        append("one\n");
        Files.copy(log, folder.resolve("log.1"));
        append("two\n");

        assertThat(read()).containsExactly("one", "two");

        Files.writeString(log, "");
        append("three\n");
        move("log.1", "log.2");
        Files.copy(log, folder.resolve("log.1"));

        assertThat(read()).containsExactly("three");
    }

    @Test
    void whileALogIsWrittenAndRotatedEachLineIsSeenOnce() throws Exception {
        int count = 20_000;
        append("");
        read();
        ExecutorService writer = Executors.newSingleThreadExecutor();
        List<String> seen = new ArrayList<>();
        try {
            Future<Boolean> writing = writer.submit(() -> write(count, new Random(SEED)));
            while (!writing.isDone()) {
                seen.addAll(readUnlessRotating());
                assertThat(notices).isEmpty();
            }
            assertThat(writing.get()).isTrue();
            seen.addAll(read());
        } finally {
            writer.shutdownNow();
        }
        assertThat(seen)
                .as("seed " + SEED)
                .isEqualTo(IntStream.range(0, count).mapToObj(i -> "line " + i).toList());
    }

    /** Here rotation comes faster than anywhere; then the next run has the lines. */
    private List<String> readUnlessRotating() throws IOException {
        try {
            return read();
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("is being rotated");
            return List.of();
        }
    }

    private boolean write(int count, Random random) throws IOException {
        int rotated = 0;
        for (int i = 0; i < count; i++) {
            append("line " + i + "\n");
            if (random.nextInt(200) == 0) {
                rotate(rotated++, random.nextBoolean());
            }
        }
        return true;
    }

    private void rotate(int rotated, boolean compress) throws IOException {
        for (int i = rotated; i > 0; i--) {
            for (String suffix : List.of("", ".gz")) {
                if (Files.exists(folder.resolve("log." + i + suffix))) {
                    move("log." + i + suffix, "log." + (i + 1) + suffix);
                }
            }
        }
        move("log", "log.1");
        append("");
        if (compress) {
            Path plain = folder.resolve("log.1");
            Files.write(folder.resolve("log.1.gz"), gzip(Files.readString(plain)));
            Files.delete(plain);
        }
    }

    private List<String> read() throws IOException {
        notices.clear();
        List<String> lines = new ArrayList<>();
        place = new LogFile(log, notices::add)
                .read(
                        place,
                        block -> {
                            for (int i = 0; i < block.count(); i++) {
                                lines.add(new String(
                                        block.bytes(), block.offsets()[i], block.lengths()[i], StandardCharsets.UTF_8));
                            }
                        },
                        System.currentTimeMillis());
        return lines;
    }

    private void append(String text) throws IOException {
        Files.writeString(log, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** By a file that is there before the old one goes, so that it has another inode. */
    private void replaceLog(String text) throws IOException {
        Files.writeString(folder.resolve("fresh"), text);
        Files.delete(log);
        move("fresh", "log");
    }

    private void move(String from, String to) throws IOException {
        Files.move(folder.resolve(from), folder.resolve(to));
    }

    private static void pipe(Path path) throws Exception {
        Process process =
                new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static String randomLines() {
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5_000; i++) {
            text.append("line ").append(i).append(' ').append(random.nextLong()).append('\n');
        }
        return text.toString();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }
}
