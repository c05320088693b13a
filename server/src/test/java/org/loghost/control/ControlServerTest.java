package org.loghost.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ControlServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private final Answers answers = new Answers();
    private Path socket;
    private ControlServer server;

    @BeforeEach
    void start() throws IOException {
        socket = folder.resolve("control.sock");
        server = new ControlServer(socket, null, answers, Duration.ofMillis(300));
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        answers.goOn.countDown();
        server.close();
    }

    @Test
    void everyQuestionIsAnswered() throws IOException {
        assertThat(ask(Question.STATUS)).isEqualTo("status");
        assertThat(ask(Question.STATUS_JSON)).isEqualTo("{\"status\":\"ü\"}");
        assertThat(ask(Question.HOSTS)).isEqualTo("hosts");
        assertThat(ask(Question.HOSTS_JSON)).isEqualTo("[]");
        assertThat(ask(Question.REPORT_NOW)).isEqualTo("sent");
    }

    @Test
    void aFailureReachesTheClientAsItsMessage() {
        assertThatThrownBy(() -> ask(Question.RELOAD)).hasMessage("loghost.toml:1:1: bad\nloghost.toml:2:1: worse");
    }

    @Test
    void aBugInTheServerIsAFailureWithoutInnards() throws IOException {
        answers.bug = true;
        assertThatThrownBy(() -> ask(Question.STATUS)).hasMessageStartingWith("the server failed to answer");
        answers.bug = false;
        assertThat(ask(Question.STATUS)).isEqualTo("status");
    }

    @Test
    void onlyTheOwnUserMayConnect() throws IOException {
        assertThat(permissions()).isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("control.sock");
    }

    @Test
    void aGroupMayConnectWhenItIsNamed() throws IOException {
        String group =
                Files.readAttributes(folder, PosixFileAttributes.class).group().getName();
        Path path = folder.resolve("group.sock");
        try (ControlServer other = new ControlServer(path, group, answers)) {
            other.start();
            PosixFileAttributes made = Files.readAttributes(path, PosixFileAttributes.class);
            assertThat(PosixFilePermissions.toString(made.permissions())).isEqualTo("rw-rw----");
            assertThat(made.group().getName()).isEqualTo(group);
        }
    }

    @Test
    void aGroupThatDoesNotExistIsNamedAndNothingIsLeftBehind() {
        ControlServer other = new ControlServer(folder.resolve("g.sock"), "no-such-group", answers);
        assertThatThrownBy(other::start).hasMessageContaining("control.group: \"no-such-group\"");
        assertThat(folder.toFile().list()).containsExactly("control.sock");
    }

    @Test
    void aSocketLeftOverIsReplaced() throws IOException {
        Path stale = folder.resolve("stale.sock");
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThat(stale).exists();
        try (ControlServer next = new ControlServer(stale, null, answers)) {
            next.start();
            assertThat(new ControlClient(stale).ask(Question.STATUS, PATIENCE)).isEqualTo("status");
        }
        assertThat(stale).doesNotExist();
    }

    @Test
    void aSocketThatAnswersIsAnError() throws IOException {
        ControlServer second = new ControlServer(socket, null, answers);
        assertThatThrownBy(second::start).hasMessageContaining("another loghost answers at " + socket);
        second.close();
        assertThat(ask(Question.STATUS)).isEqualTo("status");
    }

    @Test
    void closeTwiceIsQuietAndLeavesAnothersSocketAlone() throws IOException {
        Files.delete(socket);
        Files.writeString(socket, "another's");
        server.close();
        server.close();
        assertThat(socket).exists();
    }

    @Test
    void closeRightAfterStartEndsItsThreads() throws IOException {
        for (int i = 0; i < 50; i++) {
            ControlServer brief = new ControlServer(folder.resolve("brief.sock"), null, answers);
            brief.start();
            brief.close();
        }
        Awaitility.await().atMost(PATIENCE).until(() -> controlThreads() <= 2);
    }

    private static long controlThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("control-"))
                .count();
    }

    @Test
    void garbageIsRefusedAndTheServerGoesOn() throws IOException {
        assertThat(raw("\u0000\u0001%$&{jndi}\n")).startsWith("failed ").contains("unknown question");
        assertThat(raw("status extra\n")).startsWith("failed ");
        assertThat(raw("\n")).startsWith("failed ");
        assertThat(ask(Question.STATUS)).isEqualTo("status");
    }

    @Test
    void anOverlongQuestionIsRefused() throws IOException {
        assertThat(raw("x".repeat(64))).startsWith("failed ").contains("line too long");
        assertThat(ask(Question.STATUS)).isEqualTo("status");
    }

    @Test
    void aClientThatNeverAsksIsGivenUp() throws IOException {
        try (SocketChannel first = open();
                SocketChannel second = open()) {
            assertThat(ask(Question.STATUS)).isEqualTo("status");
            assertThat(readAll(first)).contains("no answer in time");
            assertThat(readAll(second)).contains("no answer in time");
        }
    }

    @Test
    void aClientThatLeavesEarlyHarmsNothing() throws IOException {
        for (int i = 0; i < 5; i++) {
            open().close();
        }
        assertThat(ask(Question.STATUS)).isEqualTo("status");
    }

    @Test
    void statusAnswersBesideALongCommandAndASecondCommandIsRefused() throws Exception {
        answers.holdReport = true;
        CompletableFuture<String> report = CompletableFuture.supplyAsync(() -> {
            try {
                return ask(Question.REPORT_NOW);
            } catch (IOException e) {
                return e.getMessage();
            }
        });
        assertThat(answers.began.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(ask(Question.STATUS)).isEqualTo("status");
        assertThatThrownBy(() -> ask(Question.RELOAD)).hasMessageContaining("another command is running");
        answers.goOn.countDown();
        assertThat(report.get(10, TimeUnit.SECONDS)).isEqualTo("sent");
    }

    @Test
    void anAnswerThatTakesTooLongIsGivenUpByTheClient() throws Exception {
        answers.holdReport = true;
        assertThatThrownBy(() -> new ControlClient(socket).ask(Question.REPORT_NOW, Duration.ofMillis(100)))
                .hasMessageContaining("did not answer within");
    }

    @Test
    void aLargeAnswerArrivesWhole() throws IOException {
        answers.status = "0123456789".repeat(400_000);
        assertThat(ask(Question.STATUS)).hasSize(4_000_000).endsWith("789");
    }

    @Test
    void anAnswerOverTheLimitIsAFailure() {
        answers.status = "x".repeat(Exchange.LONGEST_ANSWER + 1);
        assertThatThrownBy(() -> ask(Question.STATUS)).hasMessageContaining("the answer is too long");
    }

    @Test
    void aPathThatTheKernelCannotTakeIsNamed() throws IOException {
        Path deep = Files.createDirectories(folder.resolve("d".repeat(100)));
        ControlServer other = new ControlServer(deep.resolve("control.sock"), null, answers);
        assertThatThrownBy(other::start).hasMessageContaining("too long");
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void whoAsksWhereNobodyRunsIsTold() throws IOException {
        assertThatThrownBy(() -> new ControlClient(folder.resolve("none")).ask(Question.STATUS, PATIENCE))
                .hasMessageContaining("no loghost runs here");
        Path stale = folder.resolve("stale");
        try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            crashed.bind(UnixDomainSocketAddress.of(stale));
        }
        assertThatThrownBy(() -> new ControlClient(stale).ask(Question.STATUS, PATIENCE))
                .hasMessageContaining("nobody listens at");
    }

    private String ask(Question question) throws IOException {
        return new ControlClient(socket).ask(question, PATIENCE);
    }

    private String raw(String question) throws IOException {
        try (SocketChannel channel = open()) {
            channel.write(ByteBuffer.wrap(question.getBytes(StandardCharsets.UTF_8)));
            return readAll(channel);
        }
    }

    private SocketChannel open() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (channel.read(answer) >= 0) {
            assertThat(answer.hasRemaining()).isTrue();
        }
        return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
    }

    private String permissions() throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket));
    }

    /** A server that says what it is told to. */
    private static final class Answers implements ControlHandler {
        final CountDownLatch began = new CountDownLatch(1);
        final CountDownLatch goOn = new CountDownLatch(1);
        volatile boolean bug;
        volatile boolean holdReport;
        volatile String status = "status";

        @Override
        public String status(boolean json) {
            if (bug) {
                throw new IllegalStateException("a bug, for the test");
            }
            return json ? "{\"status\":\"ü\"}" : status;
        }

        @Override
        public String hosts(boolean json) {
            return json ? "[]" : "hosts";
        }

        @Override
        public String reportNow() throws IOException {
            began.countDown();
            try {
                if (holdReport && !goOn.await(10, TimeUnit.SECONDS)) {
                    throw new IOException("held for too long");
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return "sent";
        }

        @Override
        public String reload() throws IOException {
            throw new IOException("loghost.toml:1:1: bad\nloghost.toml:2:1: worse");
        }
    }
}
