package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the next report says of a stop, a kill and a start, checked against the files from outside. */
class RestartIT {
    private static final Pattern EQUATION =
            Pattern.compile("received ([\\d,]+) = archived ([\\d,]+) \\+ lost ([\\d,]+) \\+ in flight ([\\d,]+)");
    private static final Pattern CUT = Pattern.compile("([\\d,]+) messages? received and not on file yet");
    private static final Pattern UNWRITTEN = Pattern.compile("(\\d+) lines? of the report and of its complete list");
    private static final int LOADS = 4;

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ruleChangeIsInTheNextReportThoughTheServerRestartsFirst(boolean killed) throws Exception {
        Path rules = Files.createDirectory(data.resolve("rules"));
        Path ignore = Files.writeString(rules.resolve("logcheck.ignore"), "app: harmless\n");
        String[] toml = {"[rules]", "shipped = false", "path = \"" + rules + "\""};
        try (ServerProcess server = ServerProcess.start(data, toml)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> server.run("status").contains("1 from 1 files"));
            server.run("report", "--now");
            Files.writeString(ignore, "app: harmless\n.*\n");
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> server.run("status").contains("Rules changed"));
            if (killed) {
                server.kill();
            } else {
                assertThat(server.stop()).isZero();
            }
        }
        try (ServerProcess server = ServerProcess.start(data, toml)) {
            server.run("report", "--now");
            server.run("report", "--now");

            String all = String.join("\n", server.mails());
            assertThat(all.split("Rules changed:", -1)).as(all).hasSize(2);
            assertThat(all.contains("unclean end")).isEqualTo(killed);
        }
    }

    /** Killed while lines of which each is reported come as fast as they can. */
    @Test
    void afterAKillUnderLoadTheReportTellsTheGapAndWhatIsNotOnFile() throws Exception {
        Set<String> sent;
        try (ServerProcess server = ServerProcess.start(data)) {
            ExecutorService senders = Executors.newFixedThreadPool(LOADS);
            try {
                List<Future<?>> loads = new ArrayList<>();
                for (int i = 0; i < LOADS; i++) {
                    String host = "load" + i;
                    loads.add(senders.submit(() -> send(server.tcpPort(), host)));
                }
                server.awaitLines("load1", "odd", 20_000);
                server.kill();
                for (Future<?> load : loads) {
                    load.get();
                }
            } finally {
                senders.shutdownNow();
            }
            sent = linesOnFile();
        }
        try (ServerProcess server = ServerProcess.start(data)) {
            server.run("report", "--now");
            Set<String> onFile = linesOnFile();
            assertThat(onFile).as("nothing is added to what was sent").isEqualTo(sent);

            String mail = String.join(
                    " ", server.mails().get(server.mails().size() - 1).split("\\s+", -1));
            assertThat(mail)
                    .contains("not running after an unclean end")
                    .containsPattern("from \\S+ \\S+ to \\S+ \\S+,");
            Matcher equation = EQUATION.matcher(mail);
            assertThat(equation.find()).as(mail).isTrue();
            long received = number(equation.group(1));
            long archived = number(equation.group(2));
            long lost = number(equation.group(3));
            assertThat(received).isEqualTo(archived + lost + number(equation.group(4)));
            assertThat(lost).isEqualTo(number(first(CUT, mail)));
            assertThat(archived).isLessThanOrEqualTo(onFile.size() + ownLines());

            Set<String> reported = completeList();
            reported.removeAll(onFile);
            assertThat(reported).as("lines that are reported and not on file").hasSize(unwritten(mail));
        }
    }

    @Test
    void countsGoOnOverAStopInOrder() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp("<13>Nov 23 10:00:00 web01 app: odd 1\n<13>Nov 23 10:00:00 web01 app: odd 2\n");
            server.awaitLines("web01", "odd", 2);
            assertThat(server.stop()).isZero();
        }
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp("<13>Nov 23 10:00:00 web01 app: odd 3\n");
            server.awaitLines("web01", "odd", 3);
            server.run("report", "--now");

            String mail = String.join(" ", server.mails().get(0).split("\\s+", -1));
            Matcher equation = EQUATION.matcher(mail);
            assertThat(equation.find()).as(mail).isTrue();
            assertThat(number(equation.group(3))).isZero();
            assertThat(number(equation.group(1))).isEqualTo(3 + ownLines());
            assertThat(mail).doesNotContain("not running");
        }
    }

    @Test
    void noDamagedStateFileKeepsTheServerFromItsStart() throws Exception {
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp("<13>Nov 23 10:00:00 web01 app: odd 1\n");
            server.awaitLines("web01", "odd", 1);
            assertThat(server.stop()).isZero();
        }
        Random random = new Random(7);
        List<Path> damaged = List.of(
                data.resolve("run"),
                data.resolve("notices"),
                data.resolve("hosts-known"),
                data.resolve("rule-hits"),
                data.resolve("rule-files"),
                data.resolve("findings").resolve("last-number"),
                data.resolve("findings").resolve("000000000001.open"));
        for (Path file : damaged) {
            byte[] bytes = new byte[5_000];
            random.nextBytes(bytes);
            Files.write(file, bytes);
        }
        Files.createDirectory(data.resolve("findings").resolve("000000000077.sealed"));
        try (ServerProcess server = ServerProcess.start(data)) {
            server.sendTcp("<13>Nov 23 10:00:00 web01 app: odd 2\n");
            server.awaitLines("web01", "odd", 2);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> server.run("status").contains("rule-files"));
            server.run("report", "--now");

            String all = String.join(" ", String.join("\n", server.mails()).split("\\s+", -1));
            for (Path file : damaged) {
                assertThat(all).contains(file.getFileName() + ".damaged");
                assertThat(file.resolveSibling(file.getFileName() + ".damaged")).exists();
            }
            assertThat(all).contains("000000000077.sealed.damaged").contains("odd 2");
        }
    }

    private static Void send(int port, String host) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 8192)) {
            for (int i = 0; i < 50_000_000; i++) {
                out.write(
                        ("<13>Nov 23 10:00:00 " + host + " app: odd " + i + "\n").getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException killed) {
            return null;
        }
        return null;
    }

    private Set<String> linesOnFile() throws IOException {
        Set<String> lines = new HashSet<>();
        for (int i = 0; i < LOADS; i++) {
            try (Stream<Path> files = Files.list(data.resolve("hosts").resolve("load" + i))) {
                for (Path file : files.filter(Files::isRegularFile)
                        .filter(f -> !Files.isSymbolicLink(f))
                        .toList()) {
                    Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                            .filter(line -> line.contains(" app: odd "))
                            .forEach(lines::add);
                }
            }
        }
        return lines;
    }

    /** Lines that the server has written about itself. */
    private long ownLines() throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("hosts"))) {
            long lines = 0;
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(f -> !Files.isSymbolicLink(f))
                    .toList()) {
                lines += Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                        .filter(line -> line.contains(" loghost["))
                        .count();
            }
            return lines;
        }
    }

    private Set<String> completeList() throws IOException {
        Set<String> lines = new HashSet<>();
        try (Stream<Path> files = Files.walk(data.resolve("reports"))) {
            for (Path file : files.filter(f -> f.endsWith("complete.txt.gz")).toList()) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                    new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> line.contains(" app: odd "))
                            .forEach(line -> lines.add(line.substring("2026-11-23T10:00:00 AVU ".length())));
                }
            }
        }
        return lines;
    }

    private static int unwritten(String mail) {
        Matcher matcher = UNWRITTEN.matcher(mail);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as(text).isTrue();
        return matcher.group(1);
    }

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }
}
