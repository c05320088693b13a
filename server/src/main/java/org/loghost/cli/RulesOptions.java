package org.loghost.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.loghost.config.ConfigException;
import org.loghost.rules.RulesConfig;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which rules a command is about: the configuration's, or those of the folders given. */
final class RulesOptions {
    @Mixin
    final ConfigOptions options = new ConfigOptions();

    @Option(
            names = "--rules",
            paramLabel = "DIR",
            description = "Rules folders, instead of the configuration's; may be given more than once.")
    private List<Path> folders = new ArrayList<>();

    @Option(
            names = "--style",
            paramLabel = "STYLE",
            description = "With --rules: logsentry or logcheck; without it, told by what the folders hold.")
    private RulesConfig.@Nullable Style style;

    @Option(
            names = "--level",
            paramLabel = "LEVEL",
            description = "With logcheck's folders: paranoid, server or workstation.")
    private RulesConfig.@Nullable Level level;

    @Option(
            names = "--utf8",
            description =
                    "Patterns mean characters, as with utf8 = true in the configuration; without it, what that says,"
                            + " and with --rules bytes.")
    private boolean utf8;

    /**
     * The rules to use.
     *
     * @throws IOException when a folder named on the command line is not there
     */
    RulesConfig read() throws ConfigException, IOException {
        for (Path folder : folders) {
            if (!Files.isDirectory(folder)) {
                throw new IOException(folder + ": no such folder (expected: a folder with logcheck.ignore and the like,"
                        + " or with logcheck's ignore.d.server)");
            }
        }
        return folders.isEmpty() ? asAsked(options.read().rules()) : of(folders);
    }

    /** The options that name the same rules, for a command line that is shown. */
    String shown() {
        StringBuilder shown = new StringBuilder();
        folders.forEach(folder -> shown.append(" --rules ").append(folder));
        if (style != null) {
            shown.append(" --style ").append(style.name().toLowerCase(Locale.ROOT));
        }
        if (level != null) {
            shown.append(" --level ").append(level.name().toLowerCase(Locale.ROOT));
        }
        if (folders.isEmpty() && options.config != null) {
            shown.append(" --config ").append(options.config);
        }
        if (folders.isEmpty() && options.data != null) {
            shown.append(" --data ").append(options.data);
        }
        return shown.toString();
    }

    /**
     * These folders, which a path belongs to: as the configuration says when the path is in one of its rules folders, so
     * that it is read as the server reads it.
     */
    RulesConfig around(Path path, List<Path> paths) throws ConfigException, IOException {
        RulesConfig configured = options.read().rules();
        Path real = path.toRealPath();
        for (Path folder : configured.paths()) {
            if (style == null && Files.isDirectory(folder) && real.startsWith(folder.toRealPath())) {
                return asAsked(new RulesConfig(
                        configured.style(),
                        absolute(paths),
                        configured.level(),
                        configured.comments(),
                        configured.memory(),
                        configured.utf8()));
            }
        }
        return of(paths);
    }

    /** These folders, in the style asked for or found. */
    RulesConfig of(List<Path> paths) {
        List<Path> absolute = absolute(paths);
        RulesConfig defaults = RulesConfig.of(absolute);
        RulesConfig.Style found = absolute.stream().anyMatch(RulesOptions::isLogcheck)
                ? RulesConfig.Style.LOGCHECK
                : RulesConfig.Style.LOGSENTRY;
        return asAsked(new RulesConfig(
                style == null ? found : style, absolute, defaults.level(), true, defaults.memory(), false));
    }

    private static List<Path> absolute(List<Path> paths) {
        return paths.stream().map(path -> path.toAbsolutePath().normalize()).toList();
    }

    private RulesConfig asAsked(RulesConfig rules) {
        return new RulesConfig(
                rules.style(),
                rules.paths(),
                level == null ? rules.level() : level,
                rules.comments(),
                rules.memory(),
                utf8 || rules.utf8());
    }

    /** Whether a folder has logcheck's folders in it. */
    private static boolean isLogcheck(Path folder) {
        for (String name : List.of(
                "cracking.d",
                "violations.d",
                "violations.ignore.d",
                "ignore.d.paranoid",
                "ignore.d.server",
                "ignore.d.workstation")) {
            if (Files.isDirectory(folder.resolve(name))) {
                return true;
            }
        }
        return false;
    }
}
