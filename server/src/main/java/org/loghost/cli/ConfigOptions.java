package org.loghost.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.loghost.config.ConfigException;
import org.loghost.config.ConfigReader;
import org.loghost.config.LoghostConfig;
import picocli.CommandLine.Option;

/** Which server a command is about: the same options, and thus the same data folder and socket, for all. */
final class ConfigOptions {
    /** Names the file when {@code --config} does not; packages set it. */
    private static final String VARIABLE = "LOGHOST_CONFIG";

    private static final Path BUILT_IN_DATA = Path.of("data");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration. Without it, the file named by $LOGHOST_CONFIG;"
                    + " without that, built-in defaults with everything under ./data.")
    @Nullable
    Path config;

    @Option(names = "--data", paramLabel = "DIR", description = "The data folder, instead of the configuration's.")
    @Nullable
    Path data;

    /** Reads the configuration; its faults end the command with exit code 2. */
    LoghostConfig read() throws ConfigException {
        Path file = file();
        if (file == null) {
            return LoghostConfig.defaults(data == null ? BUILT_IN_DATA : data);
        }
        return ConfigReader.here().read(file, data);
    }

    /** The file in force; null for the built-in defaults. */
    @Nullable
    Path file() {
        String variable = System.getenv(VARIABLE);
        return config == null && variable != null && !variable.isEmpty() ? Path.of(variable) : config;
    }
}
