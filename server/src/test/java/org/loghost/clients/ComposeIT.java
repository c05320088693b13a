package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.junit.jupiter.Testcontainers;

/** {@code docker/compose.yaml} as its comment says to run it, with the image of the program just built. */
@Testcontainers(disabledWithoutDocker = true)
class ComposeIT {
    private static final String PROJECT =
            "loghost-it-" + ProcessHandle.current().pid();
    private static final Duration BUILD = Duration.ofMinutes(10);
    private static final Duration SOON = Duration.ofSeconds(30);
    /** The report is made each full minute. */
    private static final Duration REPORT = Duration.ofSeconds(90);

    @TempDir
    private static Path folder;

    private static List<String> command = List.of();

    @BeforeAll
    static void up() throws Exception {
        command = composeCommand();
        assumeTrue(!command.isEmpty(), "neither docker-compose nor docker compose is installed");
        run(BUILD, "up", "--build", "--detach");
    }

    @AfterAll
    static void down() throws Exception {
        if (!command.isEmpty()) {
            run(BUILD, "down", "--volumes", "--rmi", "local", "--timeout", "5");
        }
    }

    @Test
    void bothClientsLinesAreInTheirHostsFilesAndInTheMail() {
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(archive("classic-client")).contains("su: FAILED SU (to root) guest on pts/0"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(archive("rsyslog-client"))
                        .contains("rsyslog-client sshd[814]: Failed password for root"));

        await().atMost(REPORT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(in("mail", "cat /home/admin/Maildir/new/*"))
                        .contains("classic-client su: FAILED SU (to root) guest on pts/0")
                        .contains("rsyslog-client sshd[814]: Failed password for root"));
    }

    @Test
    void theServerIsNotRootAndBecomesHealthy() throws Exception {
        assertThat(in("loghost", "id -un; id -u")).startsWith("loghost\n").doesNotContain("\n0\n");
        assertThat(in("loghost", "grep ^Uid: /proc/1/status")).doesNotContain("\t0\t");

        String id = run(SOON, "ps", "--quiet", "loghost").strip();
        await().atMost(REPORT)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(
                                execute(SOON, List.of("docker", "inspect", "--format", "{{.State.Health.Status}}", id))
                                        .strip())
                        .isEqualTo("healthy"));
    }

    private static String archive(String host) throws Exception {
        return in("loghost", "cat /var/log/loghost/hosts/" + host + "/current.log");
    }

    private static String in(String service, String script) throws Exception {
        return run(SOON, "exec", "-T", service, "sh", "-c", script);
    }

    private static List<String> composeCommand() throws Exception {
        for (List<String> candidate : List.of(List.of("docker", "compose"), List.of("docker-compose"))) {
            List<String> version = new ArrayList<>(candidate);
            version.add("version");
            try {
                execute(SOON, version);
                return candidate;
            } catch (IOException | AssertionError absent) {
                // the next one
            }
        }
        return List.of();
    }

    private static String run(Duration limit, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(command);
        line.addAll(List.of(
                "-p", PROJECT, "-f", Repository.path("docker/compose.yaml").toString()));
        line.addAll(List.of(arguments));
        return execute(limit, line);
    }

    /** Runs a command that must succeed and returns what it printed. */
    private static String execute(Duration limit, List<String> line) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended)
                    .as("%s ended within %s:%n%s", line, limit, printed)
                    .isTrue();
            assertThat(process.exitValue()).as("%s%n%s", line, printed).isZero();
            return printed;
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
