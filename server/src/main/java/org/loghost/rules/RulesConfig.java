package org.loghost.rules;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * {@code [rules]} of the configuration.
 *
 * @param style {@code style}: whose files these are
 * @param paths {@code path}: folders, read in this order as one set
 * @param level {@code level}: which of logcheck's {@code ignore.d.*} apply; only for that style
 * @param comments {@code comments}: whether {@code #} and a blank start a comment in LogSentry's files
 * @param memory {@code memory}: bytes that each automaton may use for its states
 * @param utf8 {@code utf8}: match characters instead of bytes
 */
public record RulesConfig(Style style, List<Path> paths, Level level, boolean comments, long memory, boolean utf8) {

    /** Whose file names and semantics the folders follow. */
    public enum Style {
        /** LogSentry's four files. */
        LOGSENTRY,
        /** Debian logcheck's folders. */
        LOGCHECK
    }

    /** Debian logcheck's levels; each contains the ones before it. */
    public enum Level {
        /** The fewest ignore rules. */
        PARANOID,
        /** What servers use. */
        SERVER,
        /** The most ignore rules. */
        WORKSTATION
    }

    /** The file that takes the operator's own patterns of harmless lines, one that this style reads. */
    public Path localIgnore() {
        Path folder = paths.get(paths.size() - 1);
        return style == Style.LOGCHECK
                ? folder.resolve("ignore.d." + level.name().toLowerCase(Locale.ROOT))
                        .resolve("local")
                : folder.resolve("logcheck.ignore.d").resolve("local");
    }

    /** All defaults, LogSentry's style. */
    public static RulesConfig of(List<Path> paths) {
        return new RulesConfig(Style.LOGSENTRY, paths, Level.SERVER, true, 64L << 20, false);
    }

    /** The same for other folders. */
    public RulesConfig in(List<Path> others) {
        return new RulesConfig(style, List.copyOf(others), level, comments, memory, utf8);
    }
}
