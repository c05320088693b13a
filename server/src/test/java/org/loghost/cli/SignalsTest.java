package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SignalsTest {
    @Test
    void hangUpIsHeardAndTerminationEndsWithTheProgramsOwnExitCode() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Waiting.class.getName())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("ready");
            signal("-HUP", process);
            assertThat(said.readLine()).isEqualTo("hup");
            signal("-TERM", process);
            assertThat(said.readLine()).isEqualTo("term");
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    /** Not {@link Process#destroy}, which closes the process's output too. */
    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", name, String.valueOf(process.pid())).start().waitFor();
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
