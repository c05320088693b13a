package org.loghost.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.classify.Finding;
import org.loghost.mail.Delivery;
import org.loghost.mail.Destination;
import org.loghost.mail.Letter;
import org.loghost.mail.MailFormat;
import org.loghost.mail.Outbox;
import org.loghost.mail.RetryPauses;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/** A thread that is gone must not leave a server behind that looks alive: seen from outside, by a process's end. */
class FatalFaultTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"outbox-faulty", "report"})
    void errorInAThreadEndsTheProcess(String thread) throws Exception {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dlog4j2.configurationFile=log4j2.xml", // the product's own, to the error output
                        "-cp",
                        classes,
                        FatalFaultTest.class.getName(),
                        thread,
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(output).content().contains("The thread " + thread + " ended by a fault; the process ends");
        } finally {
            process.destroyForcibly();
        }
    }

    /** The process of this test: waits for its end in vain. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[1]);
        Notices notices = new Notices(Clock.systemUTC());
        ServerMetrics metrics = new ServerMetrics();
        Outbox outbox = new Outbox(
                folder.resolve("outbox"),
                new MailFormat("a@localhost", List.of("b@localhost"), "lh"),
                List.of(new Faulty()),
                RetryPauses.defaults(),
                metrics,
                notices);
        outbox.start();
        if (arguments[0].startsWith("outbox")) {
            outbox.put(new Letter("1", ZonedDateTime.now(ZoneOffset.UTC), "subject", "text\n"));
        } else {
            ReportPlaces places = new ReportPlaces("lh", ZoneOffset.UTC, folder, folder, folder.resolve("reports"));
            ReportSchedule schedule = new ReportSchedule(
                    new FaultyFindings(), outbox, ReportConfig.defaults(), places, metrics, notices, Clock.systemUTC());
            schedule.start();
            schedule.now(Duration.ofSeconds(20));
        }
        TimeUnit.SECONDS.sleep(20);
    }

    private static final class Faulty implements Destination {
        @Override
        public String name() {
            return "faulty";
        }

        @Override
        public String place() {
            return "faulty";
        }

        @Override
        public Delivery deliver(String id, Path mail, Set<String> accepted) {
            throw new StackOverflowError("of this test");
        }

        @Override
        public void close() {}
    }

    private static final class FaultyFindings implements SealedFindings {
        @Override
        public List<Long> seal() {
            throw new StackOverflowError("of this test");
        }

        @Override
        public void read(long segment, Consumer<Finding> reader) throws IOException {
            throw new IOException("not for this test");
        }

        @Override
        public void delete(long segment) {}
    }
}
