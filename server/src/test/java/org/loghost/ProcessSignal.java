package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

/**
 * Signals for the processes of tests. The shell's own {@code kill}: a bare machine has no other. Not {@link
 * Process#destroy}, which also closes the process's output.
 */
public final class ProcessSignal {
    private ProcessSignal() {}

    /** Sends a signal, by its name without {@code SIG}. */
    public static void send(String name, Process process) throws Exception {
        int code = new ProcessBuilder("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).isZero();
    }

    /**
     * Puts in front of a command what makes it hear SIGHUP also where the tests themselves run under {@code nohup},
     * which every process they start would inherit.
     */
    public static List<String> hearingHangUp(List<String> command) {
        List<String> all = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        all.addAll(command);
        return all;
    }
}
