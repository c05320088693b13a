package org.loghost.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The lines of one section that did not fit, counted by host, the most first: the first hosts have a line each, the
 * others stand in running text. Bounded, because whoever invents host names must not fill the mail; what is beyond is
 * one sum, and the complete list has it.
 */
final class CutLines {
    private static final int HOSTS_WITH_A_LINE = 50;
    /** Octets of running text. */
    private static final int MAX_RUNNING = 128 << 10;

    private CutLines() {}

    /** Writes nothing when nothing is cut. */
    static void append(StringBuilder out, Map<String, Long> cut) {
        if (cut.isEmpty()) {
            return;
        }
        out.append("Not shown for want of room\n");
        List<Map.Entry<String, Long>> hosts = new ArrayList<>(cut.entrySet());
        hosts.sort(Map.Entry.comparingByValue(Comparator.reverseOrder()));
        int withLine = Math.min(HOSTS_WITH_A_LINE, hosts.size());
        for (Map.Entry<String, Long> host : hosts.subList(0, withLine)) {
            line(out, host.getKey(), host.getValue());
        }
        running(out, hosts.subList(withLine, hosts.size()));
        out.append('\n');
    }

    private static void running(StringBuilder out, List<Map.Entry<String, Long>> hosts) {
        StringBuilder running = new StringBuilder();
        int written = 0;
        while (written < hosts.size() && running.length() < MAX_RUNNING) {
            Map.Entry<String, Long> host = hosts.get(written++);
            running.append(String.format(Locale.ROOT, " %s=%,d", host.getKey(), host.getValue()));
        }
        if (written > 0) {
            Wrapped.append(out, "  ", "  ", "more lines of further hosts:" + running);
        }
        long rest = 0;
        for (Map.Entry<String, Long> host : hosts.subList(written, hosts.size())) {
            rest += host.getValue();
        }
        if (rest > 0) {
            line(out, ReportText.many(hosts.size() - written, "more host"), rest);
        }
    }

    private static void line(StringBuilder out, String who, long lines) {
        out.append("  ")
                .append(who)
                .append(": ")
                .append(ReportText.many(lines, "more line"))
                .append('\n');
    }
}
