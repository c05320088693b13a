package org.loghost.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small rules folder for a test, and what it says of a line. */
final class RuleFolder {
    final Path path;

    RuleFolder(Path path) {
        this.path = path;
    }

    RuleFolder file(String name, String... lines) {
        return raw(name, String.join("\n", lines) + "\n");
    }

    RuleFolder raw(String name, String text) {
        try {
            Path file = path.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    RuleSet logSentry() {
        return RuleLoader.load(RulesConfig.of(List.of(path)));
    }

    RuleSet logSentryWithoutComments() {
        return RuleLoader.load(new RulesConfig(
                RulesConfig.Style.LOGSENTRY, List.of(path), RulesConfig.Level.SERVER, false, 8 << 20, false));
    }

    RuleSet logcheck(RulesConfig.Level level) {
        return RuleLoader.load(new RulesConfig(RulesConfig.Style.LOGCHECK, List.of(path), level, true, 8 << 20, false));
    }

    /** {@code A}, {@code V} and {@code U} for the tiers a line falls into, {@code -} for none. */
    static String tiers(RuleSet rules, String line) {
        return letters(verdict(rules, line).tiers(0));
    }

    static Verdicts verdict(RuleSet rules, String line) {
        byte[] bytes = ("<<" + line + ">>").getBytes(StandardCharsets.ISO_8859_1);
        Verdicts verdicts = new Verdicts();
        rules.classify(bytes, new int[] {2}, new int[] {bytes.length - 4}, 1, verdicts);
        return verdicts;
    }

    static Explanation explain(RuleSet rules, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return rules.explain(bytes, 0, bytes.length);
    }

    static String letters(int tiers) {
        String letters = ((tiers & RuleSet.ATTACK) != 0 ? "A" : "")
                + ((tiers & RuleSet.VIOLATION) != 0 ? "V" : "")
                + ((tiers & RuleSet.UNUSUAL) != 0 ? "U" : "");
        return letters.isEmpty() ? "-" : letters;
    }
}
