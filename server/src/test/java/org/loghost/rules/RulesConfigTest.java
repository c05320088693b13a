package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RulesConfigTest {
    @TempDir
    Path folder;

    /** The report names this file to whoever wants to hear no more of a line. */
    @ParameterizedTest
    @EnumSource
    void fileForPatternsOfOnesOwnIsOneThatTheStyleReads(RulesConfig.Style style) throws Exception {
        for (RulesConfig.Level level : RulesConfig.Level.values()) {
            Path rules = Files.createDirectories(folder.resolve(style.name() + level));
            RulesConfig config = new RulesConfig(style, List.of(rules), level, true, 64L << 20, false);
            Files.createDirectories(config.localIgnore().getParent());
            Files.writeString(config.localIgnore(), "harmless\n");

            assertThat(RuleLoader.load(config).rules()).as(style + " " + level).hasSize(1);
        }
    }

    @Test
    void itIsInTheLastFolder() {
        assertThat(RulesConfig.of(List.of(Path.of("/shipped"), Path.of("/local")))
                        .localIgnore())
                .isEqualTo(Path.of("/local/logcheck.ignore.d/local"));
    }
}
