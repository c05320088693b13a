package org.loghost.check;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.loghost.classify.Tier;
import org.loghost.report.ShownText;
import org.loghost.rules.Rule;
import org.loghost.rules.RuleSet;
import org.loghost.rules.Verdicts;

/**
 * The three sections of a report while lines come in. They are kept in files of a folder of their own (0700), so that a
 * first run over years of logs needs no more memory than one over an hour. One thread.
 */
final class Sections implements Closeable {
    private static final String PREFIX = "run-";

    private final RuleSet rules;
    private final Verdicts verdicts = new Verdicts();
    private final Path folder;
    private final Map<Tier, Path> files = new EnumMap<>(Tier.class);
    private final Map<Tier, OutputStream> open = new EnumMap<>(Tier.class);
    private final Map<Tier, Long> counts = new EnumMap<>(Tier.class);
    private final Map<Rule, Long> byRule = new LinkedHashMap<>();

    private Sections(RuleSet rules, Path folder) {
        this.rules = rules;
        this.folder = folder;
    }

    /** Makes the folder; closing removes it. */
    static Sections open(RuleSet rules, Path below) throws IOException {
        removeLeftovers(below);
        return new Sections(rules, Files.createTempDirectory(below, PREFIX));
    }

    /** A run that was killed left its folder, with lines of logs in it; whoever has the lock is alone. */
    private static void removeLeftovers(Path below) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(below, PREFIX + "*")) {
            for (Path folder : left) {
                try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                    for (Path file : files) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
            }
        }
    }

    void add(LineBlocks block) throws IOException {
        rules.classify(block.bytes(), block.offsets(), block.lengths(), block.count(), verdicts);
        for (int i = 0; i < block.count(); i++) {
            int tiers = verdicts.tiers(i);
            if (tiers != 0 && block.lengths()[i] > 0) {
                add(tiers, block, i);
            }
        }
    }

    private void add(int tiers, LineBlocks block, int i) throws IOException {
        String line = new String(block.bytes(), block.offsets()[i], block.lengths()[i], StandardCharsets.ISO_8859_1);
        byte[] shown = (ShownText.of(line) + "\n").getBytes(StandardCharsets.UTF_8);
        for (Tier tier : Tier.values()) {
            if ((tiers & tier.bit()) != 0) {
                stream(tier).write(shown);
                counts.merge(tier, 1L, Long::sum);
            }
        }
        int rule = verdicts.rule(i);
        if (rule != Verdicts.NO_RULE && rules.rule(rule).meaning() != null) {
            byRule.merge(rules.rule(rule), 1L, Long::sum);
        }
    }

    private OutputStream stream(Tier tier) throws IOException {
        OutputStream stream = open.get(tier);
        if (stream == null) {
            Path file = folder.resolve(tier.name());
            stream = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
            files.put(tier, file);
            open.put(tier, stream);
        }
        return stream;
    }

    long count(Tier tier) {
        return counts.getOrDefault(tier, 0L);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Writes the sections that have lines, the highest first, and what the rules say their matches mean. */
    void writeTo(OutputStream out) throws IOException {
        for (Tier tier : Tier.values()) {
            Path file = files.get(tier);
            OutputStream stream = open.get(tier);
            if (file != null && stream != null) {
                stream.flush();
                heading(tier.heading(), out);
                Files.copy(file, out);
                text("\n", out);
            }
        }
        if (!byRule.isEmpty()) {
            heading("What the rules say", out);
            for (Map.Entry<Rule, Long> entry : byRule.entrySet()) {
                meaning(entry.getKey(), entry.getValue(), out);
            }
            text("\n", out);
        }
    }

    private static void meaning(Rule rule, long lines, OutputStream out) throws IOException {
        text(String.format(Locale.ROOT, "* %s, %,d %s\n", rule.name(), lines, lines == 1 ? "line" : "lines"), out);
        for (String line : String.valueOf(rule.meaning()).lines().toList()) {
            text("  " + ShownText.ofText(line) + "\n", out);
        }
    }

    static void heading(String heading, OutputStream out) throws IOException {
        text(heading + "\n" + "=".repeat(heading.length()) + "\n", out);
    }

    static void text(String text, OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        for (OutputStream stream : open.values()) {
            stream.close();
        }
        for (Path file : files.values()) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(folder);
    }
}
