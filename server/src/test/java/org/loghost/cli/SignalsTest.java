package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.loghost.ProcessSignal;

@Timeout(30)
class SignalsTest {
    @Test
    void hangUpIsHeardAndTerminationEndsWithTheProgramsOwnExitCode() throws Exception {
        Process process = new ProcessBuilder(ProcessSignal.hearingHangUp(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName())))
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("ready");
            ProcessSignal.send("HUP", process);
            assertThat(said.readLine()).isEqualTo("hup");
            ProcessSignal.send("TERM", process);
            assertThat(said.readLine()).isEqualTo("term");
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Says what it hears. */
    static final class Waiting {
        public static void main(String[] args) throws InterruptedException {
            CountDownLatch end = new CountDownLatch(1);
            Signals.on("HUP", () -> System.out.println("hup"));
            Signals.on("TERM", () -> {
                System.out.println("term");
                end.countDown();
            });
            System.out.println("ready");
            end.await();
        }
    }
}
