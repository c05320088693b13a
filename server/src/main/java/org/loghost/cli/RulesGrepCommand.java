package org.loghost.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.loghost.check.LineBlocks;
import org.loghost.pattern.Matches;
import org.loghost.pattern.PatternException;
import org.loghost.pattern.PatternSet;
import org.loghost.report.ShownText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code loghost rules grep}: {@code LC_ALL=C grep -E -a -f}, for thousands of patterns at once. */
@Command(
        name = "grep",
        description = {
            "Print the lines that match one of the patterns: exactly those that LC_ALL=C grep -E -a -f",
            "prints, much faster when the patterns are many. No comments: every line is a pattern."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:lines were selected",
            "1:none were",
            "2:wrong usage, a faulty pattern, one that gave up on a line, or a file cannot be read"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  loghost rules grep -v -f logcheck.ignore /var/log/syslog",
            "  loghost rules grep -c -i -f logcheck.hacking /var/log/auth.log%n"
        })
final class RulesGrepCommand implements Callable<Integer> {
    private static final long MEMORY = 64L << 20;

    private final Terminal terminal;

    @Option(names = "-i", description = "Ignore case.")
    private boolean ignoreCase;

    @Option(names = "-v", description = "Select the lines that do not match.")
    private boolean invert;

    @Option(names = "-c", description = "Print how many lines are selected, instead of the lines.")
    private boolean countAlone;

    @Option(names = "--utf8", description = "Patterns mean characters, as with LC_ALL=C.UTF-8; see the rules' page.")
    private boolean utf8;

    @Option(
            names = "-f",
            required = true,
            paramLabel = "RULES",
            description = "A file of patterns; may be given more than once.")
    private List<String> rules = List.of();

    @Parameters(paramLabel = "FILE", description = "Where to look; - or none: standard input.")
    private List<String> files = new ArrayList<>();

    /** Of the patterns, by the numbers given to them: file and line. */
    private final List<String> places = new ArrayList<>();

    private boolean failed;
    private final boolean forAPerson = Terminal.isScreen();
    private boolean selected;

    RulesGrepCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        PatternSet.Builder builder = PatternSet.builder().memory(MEMORY).utf8(utf8);
        for (String file : rules) {
            addPatterns(builder, file);
        }
        if (failed) {
            return 2;
        }
        PatternSet patterns = builder.build();
        OutputStream out = new BufferedOutputStream(terminal.out(), 1 << 16);
        for (String file : files.isEmpty() ? List.of("-") : files) {
            try (InputStream in = Inputs.open(file, terminal)) {
                search(patterns, in, prefix(file), out);
            } catch (IOException e) {
                say(e.getMessage() == null ? file + ": " + e : e.getMessage());
            }
        }
        out.flush();
        patterns.overLimit()
                .forEach((number, lines) -> say(places.get(number) + ": gave up on " + lines
                        + (lines == 1 ? " line" : " lines") + " after too many steps, taken not to match"
                        + " (expected: a pattern without back-reference, or with fewer .* in it)"));
        if (failed) {
            return 2;
        }
        return selected ? 0 : 1;
    }

    private void say(String what) {
        terminal.err().println("loghost: " + what);
        failed = true;
    }

    private void addPatterns(PatternSet.Builder builder, String file) {
        try (InputStream in = Inputs.open(file, terminal)) {
            LineBlocks blocks = new LineBlocks(in);
            int number = 0;
            while (blocks.next()) {
                for (int i = 0; i < blocks.count(); i++) {
                    number++;
                    byte[] pattern = new byte[blocks.lengths()[i]];
                    System.arraycopy(blocks.bytes(), blocks.offsets()[i], pattern, 0, pattern.length);
                    add(builder, pattern, file, number);
                }
            }
        } catch (IOException e) {
            say(e.getMessage() == null ? file + ": " + e : e.getMessage());
        }
    }

    private void add(PatternSet.Builder builder, byte[] pattern, String file, int number) {
        try {
            builder.add(pattern, ignoreCase, 0, places.size());
            places.add(file + ":" + number);
        } catch (PatternException e) {
            say(file + ":" + number + ": " + e.getMessage());
        }
    }

    /** grep names the file when there are several. */
    private byte[] prefix(String file) {
        String name = file.equals("-") ? "(standard input)" : file;
        return files.size() > 1 ? (name + ":").getBytes(StandardCharsets.UTF_8) : new byte[0];
    }

    private void search(PatternSet patterns, InputStream in, byte[] prefix, OutputStream out) throws IOException {
        LineBlocks blocks = new LineBlocks(in);
        Matches[] matches = new Matches[blocks.offsets().length];
        long count = 0;
        while (blocks.next()) {
            patterns.match(blocks.bytes(), blocks.offsets(), blocks.lengths(), 0, blocks.count(), matches);
            for (int i = 0; i < blocks.count(); i++) {
                if (matches[i].isEmpty() == invert) {
                    count++;
                    if (!countAlone) {
                        out.write(prefix);
                        write(out, blocks.bytes(), blocks.offsets()[i], blocks.lengths()[i]);
                        out.write('\n');
                    }
                }
            }
        }
        selected |= count > 0;
        if (countAlone) {
            out.write(prefix);
            out.write((count + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** A program gets the bytes, a person what can be seen of them. */
    private void write(OutputStream out, byte[] bytes, int offset, int length) throws IOException {
        if (forAPerson) {
            ShownText.write(bytes, offset, length, out);
        } else {
            out.write(bytes, offset, length);
        }
    }
}
