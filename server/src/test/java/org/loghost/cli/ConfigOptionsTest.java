package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.config.ConfigException;

/** Run without {@code LOGHOST_CONFIG}. */
class ConfigOptionsTest {
    @TempDir
    Path folder;

    @Test
    void withoutADataFolderTheMachinesConfigurationIsTaken() throws Exception {
        Path systemWide = Files.writeString(folder.resolve("loghost.toml"), "data = \"of-the-system\"\n");
        Path here = folder.resolve("data");
        Files.createDirectories(here.resolve("something-else"));

        assertThat(new ConfigOptions(systemWide, here).readServers().data()).isEqualTo(folder.resolve("of-the-system"));
        assertThat(new ConfigOptions(systemWide, here).read().data()).isEqualTo(folder.resolve("of-the-system"));
        assertThat(new ConfigOptions(systemWide, here).readNamed().data())
                .as("for serve")
                .isEqualTo(here);
    }

    @Test
    void dataFolderOfAServerRightHereGoesFirst() throws Exception {
        Path systemWide = Files.writeString(folder.resolve("loghost.toml"), "data = \"of-the-system\"\n");
        Path here = Files.createDirectories(folder.resolve("data/hosts")).getParent();

        assertThat(new ConfigOptions(systemWide, here).readServers().data()).isEqualTo(here);
    }

    @Test
    void whatIsNotThereIsNamed() {
        ConfigOptions options = new ConfigOptions(folder.resolve("loghost.toml"), folder.resolve("data"));

        assertThatThrownBy(options::readServers)
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(
                        folder.resolve("data").toString(),
                        folder.resolve("loghost.toml").toString(),
                        "--config FILE",
                        "$LOGHOST_CONFIG");
    }

    @Test
    void whatIsNamedIsTaken() throws IOException, ConfigException {
        Path systemWide = Files.writeString(folder.resolve("loghost.toml"), "data = \"of-the-system\"\n");
        ConfigOptions options = new ConfigOptions(systemWide, folder.resolve("data"));
        options.data = folder.resolve("elsewhere");

        assertThat(options.readServers().data()).isEqualTo(folder.resolve("elsewhere"));
    }
}
