package org.loghost.rules;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternAnalysis;
import org.loghost.pattern.PatternException;

/**
 * A rule as {@link RuleOverlaps} compares it.
 *
 * @param family as in {@link RuleSource}
 * @param text the pattern, one byte per char
 */
record RulePattern(Rule.Kind kind, String family, Path file, int line, String text, boolean ignoreCase) {
    private static final List<String> LEVELS = List.of("ignore.d.paranoid", "ignore.d.server", "ignore.d.workstation");

    static RulePattern of(RuleLine line, RulesConfig config) {
        RuleSource source = line.source();
        boolean ignoreCase = RuleCompiler.ignoresCase(config, source.kind());
        return new RulePattern(source.kind(), source.family(), source.path(), line.line(), line.text(), ignoreCase);
    }

    /** How far down the levels of logcheck the file is in use: a level takes the files of those before it too. */
    private int level() {
        Path folder = file.getParent();
        String name = folder == null ? "" : String.valueOf(folder.getFileName());
        return Math.max(LEVELS.indexOf(name), 0);
    }

    /** Whether this rule is in use wherever the other is. */
    boolean accompanies(RulePattern other) {
        return level() <= other.level();
    }

    String place() {
        return file + ":" + line;
    }

    /** Null when the pattern is refused. */
    @Nullable
    PatternAnalysis analysis() {
        try {
            return PatternAnalysis.of(text.getBytes(StandardCharsets.ISO_8859_1), ignoreCase);
        } catch (PatternException refused) {
            return null;
        }
    }
}
