package org.loghost.rules;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The file of ignore rules that the operator's own commands write: each rule with a comment of who wrote it, when and
 * why. The file is replaced whole, so that a server that reads it meanwhile sees all of the old or all of the new.
 */
public final class LocalRules {
    private static final String MARK = "# suggested ";
    private static final int MAX_REASON = 300;

    private final Path file;

    private LocalRules(Path file) {
        this.file = file;
    }

    /** The file of a configuration: in the last of its rules folders. */
    public static LocalRules of(RulesConfig config) {
        Path folder = config.paths().get(config.paths().size() - 1);
        String name = config.style() == RulesConfig.Style.LOGSENTRY
                ? "logcheck.ignore.d"
                : "ignore.d." + config.level().name().toLowerCase(Locale.ROOT);
        return new LocalRules(folder.resolve(name).resolve("local"));
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** Appends rules (one byte per char), which are one entry to {@link #undo}; makes file and folder if need be. */
    public void append(List<String> patterns, LocalDate date, String author, String reason) throws IOException {
        List<String> lines = read();
        String why = reason.isBlank() ? "" : ": " + oneLine(reason);
        lines.add(MARK + date + " by " + oneLine(author) + ", " + patterns.size() + " of them" + why);
        lines.addAll(patterns);
        write(lines);
    }

    /** Takes the entry that was appended last out again, and returns its lines; none when there is no such entry. */
    public List<String> undo() throws IOException {
        List<String> lines = read();
        int mark = lines.size() - 1;
        while (mark >= 0 && !lines.get(mark).startsWith(MARK)) {
            mark--;
        }
        if (mark < 0) {
            return List.of();
        }
        String count = lines.get(mark).replaceFirst(".*?, ([0-9]{1,4}) of them.*", "$1");
        int size = count.matches("[0-9]{1,4}") ? Integer.parseInt(count) : 0;
        List<String> entry = lines.subList(mark, Math.min(lines.size(), mark + 1 + size));
        List<String> taken = List.copyOf(entry);
        entry.clear();
        write(lines);
        return taken;
    }

    private List<String> read() throws IOException {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
            if (lines.get(lines.size() - 1).isEmpty()) {
                lines.remove(lines.size() - 1);
            }
            return lines;
        } catch (NoSuchFileException e) {
            return new ArrayList<>();
        }
    }

    /** The new file has a name that no rule loader reads, until it is complete. */
    private void write(List<String> lines) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException(file + ": no folder");
        }
        Files.createDirectories(folder);
        Path target = Files.exists(file) ? file.toRealPath() : file;
        Path fresh = target.resolveSibling("." + target.getFileName() + ".tmp");
        Files.deleteIfExists(fresh);
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        Files.writeString(fresh, text, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE_NEW);
        Files.setPosixFilePermissions(fresh, permissions());
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
    }

    private Set<PosixFilePermission> permissions() throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? Files.getPosixFilePermissions(file)
                : PosixFilePermissions.fromString("rw-r--r--");
    }

    /** As bytes of UTF-8, one per char, without anything that could end the comment. */
    private static String oneLine(String text) {
        String plain = text.replaceAll("\\p{Cntrl}+", " ").strip();
        String cut = plain.length() > MAX_REASON ? plain.substring(0, MAX_REASON) : plain;
        return new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
