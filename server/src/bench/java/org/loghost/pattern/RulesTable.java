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
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs {@link RulesBenchmark}, {@link StarterRulesBenchmark} and GNU grep on the same rules and lines and prints a table in Markdown.
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
    private final double seconds;
    private final Path folder;

    private RulesTable(int count, double seconds, Path folder) {
        this.count = count;
        this.seconds = seconds;
        this.folder = folder;
    }

    /** Arguments: how many lines, seconds for each of seven measurements, the numbers of rules. */
    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("loghost-bench");
        RulesTable table = new RulesTable(Integer.parseInt(args[0]), Double.parseDouble(args[1]), folder);
        StringBuilder rows = new StringBuilder();
        for (String rules : List.of(args).subList(2, args.length)) {
            rows.append(table.row(Integer.parseInt(rules)));
        }
        for (StarterRulesBenchmark.Part part : StarterRulesBenchmark.Part.values()) {
            rows.append(table.row(part));
        }
        System.out.println("| rules | line by line, M lines/s: min, median, max | in step: min, median, max"
                + " | grep, lines/s (lines, time) | in step : grep | compile | memory |");
        System.out.println("|---|--:|--:|--:|--:|--:|--:|");
        System.out.print(rows);
        Files.delete(folder.resolve("rules"));
        Files.delete(folder.resolve("lines"));
        Files.delete(folder);
    }

    /** Rules with the shape of Debian's. */
    private String row(int number) throws IOException, InterruptedException, RunnerException {
        SampleLog log = new SampleLog(number, RulesBenchmark.SEED);
        Options options =
                new OptionsBuilder().param("rules", String.valueOf(number)).build();
        return row(
                String.format(Locale.ROOT, "%,d", number),
                log.rules(),
                false,
                log.lines(count),
                RulesBenchmark.class,
                options);
    }

    /** The starter rules. */
    private String row(StarterRulesBenchmark.Part part) throws IOException, InterruptedException, RunnerException {
        List<String> rules = StarterRulesBenchmark.rules(part);
        Options options = new OptionsBuilder().param("part", part.name()).build();
        return row(
                rules.size() + " starter rules: " + part.name().toLowerCase(Locale.ROOT),
                rules,
                part == StarterRulesBenchmark.Part.ALARMS,
                DemoLog.lines(count),
                StarterRulesBenchmark.class,
                options);
    }

    private String row(
            String label, List<String> rules, boolean ignoreCase, byte[] lines, Class<?> benchmark, Options options)
            throws IOException, InterruptedException, RunnerException {
        double[] compile = compileTimes(rules, ignoreCase);
        PatternSet set = Lines.compile(rules, ignoreCase);
        Lines.of(lines).unmatched(set, new Matches[RulesBenchmark.BATCH]);
        double[] single = measure(benchmark, "oneByOne", options);
        double[] step = measure(benchmark, "inStep", options);
        Grep grep = grep(rules, ignoreCase, lines, set);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %,.0f (%,d in %.1f s) | %,.0f | %.0f ms | %.1f MB |%n",
                label,
                threeOf(single),
                threeOf(step),
                grep.lines / grep.seconds,
                grep.lines,
                grep.seconds,
                median(step) / (grep.lines / grep.seconds),
                median(compile) * 1e3,
                set.memoryUsed() / 1e6);
    }

    private double[] measure(Class<?> benchmark, String method, Options options) throws RunnerException {
        System.err.println(benchmark.getSimpleName() + " " + method + " …");
        RunResult result = new Runner(new OptionsBuilder()
                        .parent(options)
                        .include(benchmark.getName() + "." + method + "$")
                        .param("count", String.valueOf(count))
                        .warmupTime(TimeValue.milliseconds((long) (1e3 * Math.min(2, 2 * seconds))))
                        .measurementTime(TimeValue.milliseconds((long) (1e3 * seconds)))
                        .jvmArgs("-Xmx1g", "-XX:+UseSerialGC")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        return result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .mapToDouble(iteration -> iteration.getPrimaryResult().getScore())
                .sorted()
                .toArray();
    }

    private static double[] compileTimes(List<String> rules, boolean ignoreCase) {
        double[] times = new double[COMPILATIONS];
        for (int i = 0; i < times.length; i++) {
            long start = System.nanoTime();
            Lines.compile(rules, ignoreCase);
            times[i] = (System.nanoTime() - start) / 1e9;
        }
        Arrays.sort(times);
        return times;
    }

    private record Grep(int lines, double seconds) {}

    private Grep grep(List<String> rules, boolean ignoreCase, byte[] bytes, PatternSet set)
            throws IOException, InterruptedException {
        Path ruleFile = Files.write(folder.resolve("rules"), (String.join("\n", rules) + "\n").getBytes(ISO_8859_1));
        Lines lines = Lines.of(bytes);
        for (int sample = Math.min(FIRST_SAMPLE, lines.count()); ; sample = Math.min(sample * 10, lines.count())) {
            int end = lines.offsets()[sample - 1] + lines.lengths()[sample - 1] + 1;
            byte[] part = Arrays.copyOf(bytes, end);
            Path lineFile = Files.write(folder.resolve("lines"), part);
            long start = System.nanoTime();
            String options = ignoreCase ? "-Eavci" : "-Eavc";
            int unmatched = run("grep", options, "-f", ruleFile.toString(), lineFile.toString());
            double took = (System.nanoTime() - start) / 1e9;
            System.err.printf(Locale.ROOT, "grep, %,d lines: %.2f s%n", sample, took);
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
                "%.2f, **%.2f**, %.2f",
                sorted[0] / 1e6,
                median(sorted) / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static double median(double[] sorted) {
        return sorted[sorted.length / 2];
    }
}
