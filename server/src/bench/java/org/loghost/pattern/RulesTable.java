package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs {@link RulesBenchmark} and GNU grep on the same rules and lines and prints a table in Markdown.
 *
 * <p>grep runs as {@code grep -E -a -v -c -f}, in the C locale. It counts instead of printing to {@code /dev/null},
 * because it stops at the first line it would print when it sees that device. Its count must be ours. Where it would
 * need minutes it gets a part of the lines.
 */
public final class RulesTable {
    /** grep gets ten times as many lines until it takes as long as this. */
    private static final double LONG_ENOUGH = 3;

    private static final int FIRST_SAMPLE = 1_000;
    private static final int COMPILATIONS = 5;

    private final int count;
    private final int seconds;
    private final Path folder;

    private RulesTable(int count, int seconds, Path folder) {
        this.count = count;
        this.seconds = seconds;
        this.folder = folder;
    }

    /** Arguments: how many lines, seconds for each of seven measurements, the numbers of rules. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("loghost-bench");
        RulesTable table = new RulesTable(Integer.parseInt(args[0]), Integer.parseInt(args[1]), folder);
        StringBuilder rows = new StringBuilder();
        for (String rules : List.of(args).subList(2, args.length)) {
            rows.append(table.row(Integer.parseInt(rules))).append('\n');
        }
        System.out.println();
        System.out.println(
                "| rules | Loghost, line by line, lines/s: min, median, max | Loghost, in step: min, median, max"
                        + " | grep, lines/s (sample) | ratio | compile | states and rules |");
        System.out.println("|--:|--:|--:|--:|--:|--:|--:|");
        System.out.print(rows);
    }

    private String row(int rules) throws IOException, InterruptedException, RunnerException {
        SampleLog log = new SampleLog(rules, RulesBenchmark.SEED);
        byte[] lines = log.lines(count);
        double[] compile = compileTimes(log.rules());
        PatternSet set = Lines.compile(log.rules());
        Lines.of(lines).unmatched(set, new Matches[RulesBenchmark.BATCH]);
        double[] single = measure("oneByOne", rules);
        double[] step = measure("inStep", rules);
        Grep grep = grep(log.rules(), lines, set);
        return String.format(
                Locale.ROOT,
                "| %,d | %s | %s | %,.0f (%,d in %.1f s) | %,.0f | %.0f ms | %.1f MB |",
                rules,
                threeOf(single),
                threeOf(step),
                grep.lines / grep.seconds,
                grep.lines,
                grep.seconds,
                median(step) / (grep.lines / grep.seconds),
                median(compile) * 1e3,
                set.memoryUsed() / 1e6);
    }

    private double[] measure(String method, int rules) throws RunnerException {
        RunResult result = new Runner(new OptionsBuilder()
                        .include(RulesBenchmark.class.getName() + "." + method + "$")
                        .param("rules", String.valueOf(rules))
                        .param("count", String.valueOf(count))
                        .measurementTime(TimeValue.seconds(seconds))
                        .jvmArgs("-Xmx1g", "-XX:+UseSerialGC")
                        .build())
                .runSingle();
        return result.getPrimaryResult().getStatistics().getN() == 0
                ? new double[] {0}
                : result.getBenchmarkResults().stream()
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                        .sorted()
                        .toArray();
    }

    private static double[] compileTimes(List<String> rules) {
        double[] times = new double[COMPILATIONS];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            Lines.compile(rules);
            times[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(times);
        return times;
    }

    private record Grep(int lines, double seconds) {}

    private Grep grep(List<String> rules, byte[] bytes, PatternSet set) throws IOException, InterruptedException {
        Path ruleFile = Files.write(folder.resolve("rules"), (String.join("\n", rules) + "\n").getBytes(ISO_8859_1));
        Lines lines = Lines.of(bytes);
        for (int sample = Math.min(FIRST_SAMPLE, lines.count()); ; sample = Math.min(sample * 10, lines.count())) {
            int end = lines.offsets()[sample - 1] + lines.lengths()[sample - 1] + 1;
            byte[] part = Arrays.copyOf(bytes, end);
            Path lineFile = Files.write(folder.resolve("lines"), part);
            long start = System.nanoTime();
            int unmatched = run("grep", "-E", "-a", "-v", "-c", "-f", ruleFile.toString(), lineFile.toString());
            double took = (System.nanoTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "# grep, %,d lines: %.2f s%n", sample, took);
            int ours = Lines.of(part).unmatched(set, new Matches[RulesBenchmark.BATCH]);
            if (ours != unmatched) {
                throw new IllegalStateException(ours + " lines unmatched (expected: as grep says, " + unmatched + ")");
            }
            if (took > LONG_ENOUGH || sample == lines.count()) {
                return new Grep(sample, took);
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", "C");
        Process grep = builder.start();
        String output = new String(grep.getInputStream().readAllBytes(), ISO_8859_1).trim();
        if (!grep.waitFor(1, TimeUnit.MINUTES) || grep.exitValue() > 1) {
            throw new IOException("grep failed: " + output);
        }
        return Integer.parseInt(output);
    }

    private static String threeOf(double[] sorted) {
        return String.format(
                Locale.ROOT,
                "%.2f M, **%.2f M**, %.2f M",
                sorted[0] / 1e6,
                median(sorted) / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
