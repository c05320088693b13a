package org.loghost.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.loghost.config.ConfigException;
import org.loghost.config.ConfigReader;
import org.loghost.config.LoghostConfig;
import org.loghost.control.ControlClient;
import org.loghost.control.NotRunningException;
import org.loghost.control.Question;
import picocli.CommandLine.Option;

/**
 * Which server a command is about: the same options, and thus the same data folder and socket, for all. Without them a
 * command other than {@code serve} looks for one: a data folder right here, then {@code /etc/loghost}.
 */
final class ConfigOptions {
    /** Names the file when {@code --config} does not; packages set it. */
    static final String VARIABLE = "LOGHOST_CONFIG";

    private static final Path SYSTEM_WIDE = Path.of("/etc/loghost/loghost.toml");
    private static final Path BUILT_IN_DATA = Path.of("data");

    private final Path systemWide;
    private final Path builtInData;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration. Without it, the file named by $LOGHOST_CONFIG; without that, built-in"
                    + " defaults with everything under ./data. Commands other than serve and check-config take"
                    + " /etc/loghost/loghost.toml when there is no ./data.")
    @Nullable
    Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder, instead of the configuration's.")
    @Nullable
    Path data;

    ConfigOptions() {
        this(SYSTEM_WIDE, BUILT_IN_DATA);
    }

    /** With other places to look in. */
    ConfigOptions(Path systemWide, Path builtInData) {
        this.systemWide = systemWide;
        this.builtInData = builtInData;
    }

    /** Reads what is named, or the built-in defaults; its faults end the command with exit code 2. */
    LoghostConfig readNamed() throws ConfigException {
        Path file = named();
        if (file == null) {
            return LoghostConfig.defaults(data == null ? builtInData : data);
        }
        return ConfigReader.here().read(file, data);
    }

    /** Whether nothing is named, and neither of the usual places holds anything. */
    boolean isNowhere() {
        return isElsewhere() && Files.notExists(systemWide);
    }

    /** The same, but the machine's own configuration goes before the built-in defaults where no server has run. */
    LoghostConfig read() throws ConfigException {
        return isElsewhere() && Files.isReadable(systemWide)
                ? ConfigReader.here().read(systemWide, null)
                : readNamed();
    }

    /**
     * The same, of a server that is, or was, there.
     *
     * @throws IOException when nothing is named, and neither of the usual places holds anything
     */
    LoghostConfig readServers() throws ConfigException, IOException {
        ConfigReader.Reading reading = readAsFarAsPossible();
        if (reading.faults() != null) {
            throw reading.faults();
        }
        return reading.config();
    }

    /**
     * What can be read of it, for commands that only have to find the server: it runs on with the configuration that it
     * read before the file got its faults.
     *
     * @throws IOException as {@link #readServers}
     */
    ConfigReader.Reading readAsFarAsPossible() throws ConfigException, IOException {
        if (isNowhere()) {
            throw new IOException("no loghost here: there is neither " + builtInData.toAbsolutePath() + " nor "
                    + systemWide + " (expected: --config FILE or --data DIR, as serve was started with, or $" + VARIABLE
                    + ")");
        }
        Path file = isElsewhere() ? systemWide : named();
        return file == null
                ? new ConfigReader.Reading(readNamed(), null)
                : ConfigReader.here().readAsFarAsPossible(file, data);
    }

    /** Asks the server; a faulty configuration is said, and is the reason when no server is found by it. */
    ControlClient.Answer ask(Terminal terminal, Question question, Duration patience)
            throws ConfigException, IOException {
        ConfigReader.Reading reading = readAsFarAsPossible();
        ConfigException faults = reading.faults();
        try {
            ControlClient.Answer answer =
                    new ControlClient(reading.config().control().path()).answer(question, patience);
            tellFaults(terminal, faults);
            return answer;
        } catch (NotRunningException nobody) {
            if (faults != null) {
                throw faults;
            }
            throw nobody;
        }
    }

    /** In one line; {@code check-config} names them. */
    void tellFaults(Terminal terminal, @Nullable ConfigException faults) {
        if (faults != null) {
            terminal.err()
                    .println("loghost: warning: the configuration has faults, and is not the one the server runs with: "
                            + faults.faults().get(0) + " (expected: loghost check-config names all)");
        }
    }

    /** Nothing is named, and no server has run in this folder; any project may have a folder that is called data. */
    private boolean isElsewhere() {
        return named() == null
                && data == null
                && Files.notExists(builtInData.resolve("lock"))
                && Files.notExists(builtInData.resolve("hosts"))
                && Files.notExists(builtInData.resolve("control.sock"));
    }

    private @Nullable Path named() {
        String variable = System.getenv(VARIABLE);
        return config == null && variable != null && !variable.isEmpty() ? Path.of(variable) : config;
    }
}
