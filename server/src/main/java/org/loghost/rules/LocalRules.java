package org.loghost.rules;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file of ignore rules that the operator's own commands write: each entry with a line of who wrote it, when and why.
 * That line is a comment above the rules; where the configuration knows no comments, it is kept with a copy of the rules
 * in {@code .local.record} beside the file, which is never read as rules. Files are replaced whole, so that a server
 * that reads them meanwhile sees all of the old or all of the new, and one command at a time writes them.
 */
public final class LocalRules {
    private static final String MARK = "# suggested ";
    private static final Pattern MARK_FORM =
            Pattern.compile("# suggested [0-9-]{10}, ([0-9]{1,5}) of them, sum ([0-9a-f]{16}), by .*");
    private static final int SUM_DIGITS = 16;
    private static final int MAX_REASON = 300;

    private final Path file;
    private final boolean comments;

    private LocalRules(Path file, boolean comments) {
        this.file = file;
        this.comments = comments;
    }

    /** The file of a configuration: in the last of its rules folders. */
    public static LocalRules of(RulesConfig config) {
        Path folder = config.paths().get(config.paths().size() - 1);
        boolean logcheck = config.style() == RulesConfig.Style.LOGCHECK;
        String name = logcheck ? "ignore.d." + config.level().name().toLowerCase(Locale.ROOT) : "logcheck.ignore.d";
        return new LocalRules(folder.resolve(name).resolve("local"), logcheck || config.comments());
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /**
     * Appends rules (one byte per char), which are one entry to {@link #undo}; makes file and folder if need be.
     *
     * @throws IOException when a file cannot be written, or another command writes it now
     */
    public void append(List<String> patterns, LocalDate date, String author, String reason) throws IOException {
        List<String> entry = new ArrayList<>();
        String why = reason.isBlank() ? "" : ": " + oneLine(reason);
        entry.add(MARK + date + ", " + patterns.size() + " of them, sum " + sum(patterns) + ", by " + oneLine(author)
                + why);
        entry.addAll(patterns);
        FileChannel lock = SharedFile.lock(file);
        try (lock) {
            if (!comments) {
                extend(record(), entry); // First: no rule without its record.
            }
            extend(file, comments ? entry : patterns);
        }
    }

    /**
     * Takes the entry that was appended last out again, and returns its lines; none when there is no such entry.
     *
     * @throws IOException when its rules are no longer there as they were written: nothing is taken out then
     */
    public List<String> undo() throws IOException {
        if (!Files.exists(comments ? file : record())) {
            return List.of(); // Without making a folder for the lock.
        }
        FileChannel lock = SharedFile.lock(file);
        try (lock) {
            return comments ? takeOut(file) : takeOutRecorded();
        }
    }

    private List<String> takeOutRecorded() throws IOException {
        List<String> records = read(record());
        List<String> entry = lastEntry(records, record());
        if (!entry.isEmpty()) {
            List<String> lines = read(file);
            List<String> patterns = entry.subList(1, entry.size());
            int at = Collections.lastIndexOfSubList(lines, patterns);
            if (at < 0) {
                throw changed(record(), records.size() - entry.size() + 1);
            }
            lines.subList(at, at + patterns.size()).clear();
            write(file, lines);
            return takeOut(record());
        }
        return entry;
    }

    private static List<String> takeOut(Path from) throws IOException {
        List<String> lines = read(from);
        List<String> entry = lastEntry(lines, from);
        List<String> taken = List.copyOf(entry);
        if (!taken.isEmpty()) {
            entry.clear();
            write(from, lines);
        }
        return taken;
    }

    /** The part of the lines that is the last entry, its mark first; empty when there is none. */
    private static List<String> lastEntry(List<String> lines, Path from) throws IOException {
        int mark = lines.size() - 1;
        while (mark >= 0 && !lines.get(mark).startsWith(MARK)) {
            mark--;
        }
        if (mark < 0) {
            return List.of();
        }
        Matcher form = MARK_FORM.matcher(lines.get(mark));
        int end = form.matches() ? mark + 1 + Integer.parseInt(form.group(1)) : Integer.MAX_VALUE;
        if (end > lines.size() || !sum(lines.subList(mark + 1, end)).equals(form.group(2))) {
            throw changed(from, mark + 1);
        }
        return lines.subList(mark, end);
    }

    private static IOException changed(Path from, int line) {
        return new IOException(
                from + ":" + line + ": the rules written then are no longer there as they were; nothing"
                        + " was taken out (expected: delete by hand what is left of them, and this line with what was written)");
    }

    /** Tells whether rules are the ones that were written. */
    private static String sum(List<String> patterns) {
        return RuleLoader.sha256(String.join("\n", patterns).getBytes(StandardCharsets.ISO_8859_1))
                .substring(0, SUM_DIGITS);
    }

    /** A name that no rule loader reads. */
    private Path record() {
        return file.resolveSibling("." + file.getFileName() + ".record");
    }

    private static void extend(Path path, List<String> entry) throws IOException {
        List<String> lines = read(path);
        lines.addAll(entry);
        write(path, lines);
    }

    private static List<String> read(Path path) throws IOException {
        try {
            String text = new String(RuleBytes.read(path), StandardCharsets.ISO_8859_1);
            List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
            if (lines.get(lines.size() - 1).isEmpty()) {
                lines.remove(lines.size() - 1);
            }
            return lines;
        } catch (NoSuchFileException e) {
            return new ArrayList<>();
        }
    }

    private static void write(Path path, List<String> lines) throws IOException {
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        SharedFile.replace(path, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** As bytes of UTF-8, one per char, without anything that could end the comment. */
    private static String oneLine(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        String cut = plain.length() > MAX_REASON ? plain.substring(0, MAX_REASON) : plain;
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
