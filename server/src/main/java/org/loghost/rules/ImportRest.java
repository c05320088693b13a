package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.loghost.file.IoReason;

/** What an import of rules leaves behind in the folder it takes them from, and what to do about it. */
final class ImportRest {
    private static final int MOST = 20;

    /** As logcheck's configuration, a shell script, sets it. */
    private static final Pattern LEVEL =
            Pattern.compile("(?m)^\\s*REPORTLEVEL=[\"']?(paranoid|server|workstation)\\b[\"']?");

    private final List<String> rest = new ArrayList<>();
    private final Set<String> others = new TreeSet<>();
    private final Set<Path> taken = new HashSet<>();

    private ImportRest() {}

    /** One line for each thing that is left behind; of very many the first. */
    static List<String> of(RulesConfig set, List<RuleSource> sources) throws IOException {
        ImportRest rest = new ImportRest();
        sources.forEach(source -> rest.taken.add(source.path()));
        for (Path folder : set.paths()) {
            rest.look(folder);
        }
        if (!rest.others.isEmpty()) {
            rest.rest.add(some(rest.others) + ": no rules");
        }
        return List.copyOf(rest.rest);
    }

    private void look(Path folder) throws IOException {
        for (Path entry : entries(folder)) {
            String name = entry.getFileName().toString();
            switch (name) {
                case "cracking.ignore.d" -> {
                    if (!entries(entry).isEmpty()) {
                        rest.add(name + " (" + entries(entry).size() + " files): attacks are never ignored here; where"
                                + " logcheck did (SUPPORT_CRACKING_IGNORE), make the rules in cracking.d narrower");
                    }
                }
                case "logcheck.conf" -> rest.add(name + ": " + level(entry));
                case "logcheck.logfiles", "logcheck.logfiles.d" ->
                    rest.add(name + ": the server classifies all it receives; on one machine name the files to"
                            + " loghost check");
                default -> lookInto(entry, name);
            }
        }
    }

    private void lookInto(Path entry, String name) throws IOException {
        if (RuleFolders.kindOfFolder(name) == null || !Files.isDirectory(entry)) {
            if (!taken.contains(entry)) {
                others.add(name);
            }
            return;
        }
        Set<String> unread = new TreeSet<>();
        for (Path file : entries(entry)) {
            if (!taken.contains(file)) {
                unread.add(name + "/" + file.getFileName());
            }
        }
        if (!unread.isEmpty()) {
            rest.add(some(unread) + ": files of such names are not read");
        }
    }

    private static String level(Path file) {
        try {
            Matcher level = LEVEL.matcher(new String(RuleBytes.read(file), StandardCharsets.ISO_8859_1));
            String set = "";
            while (level.find()) { // the last one counts, as in the shell
                set = level.group(1).toLowerCase(Locale.ROOT);
            }
            return set.isEmpty()
                    ? "its level is the usual one, \"server\""
                    : "REPORTLEVEL is \"" + set + "\": write level = \"" + set + "\" below [rules]";
        } catch (IOException unreadable) {
            return IoReason.of(unreadable) + "; write its REPORTLEVEL as level = \"…\" below [rules]";
        }
    }

    private static String some(Set<String> names) {
        List<String> shown = names.stream().limit(MOST).toList();
        int more = names.size() - shown.size();
        return String.join(", ", shown) + (more == 0 ? "" : " and " + more + " more");
    }

    private static List<Path> entries(Path folder) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
                stream.forEach(entries::add);
            }
        }
        entries.sort(null);
        return entries;
    }
}
