package org.loghost;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.loghost.archive.ArchiveStatus;
import org.loghost.listen.OpenListener;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.parse.JsonText;
import org.loghost.report.ShownText;
import org.loghost.rules.RuleFault;
import org.loghost.rules.RuleSet;

/** What {@code loghost status} shows: text for people, or one JSON object with the same facts. */
final class StatusPage {
    private final Server server;
    private final StringBuilder page = new StringBuilder();

    StatusPage(Server server) {
        this.server = server;
    }

    String text() {
        Instant now = Instant.now();
        line("running since", server.started() + " (" + words(Duration.between(server.started(), now)) + ")");
        line("listens on", String.join(", ", listening()));
        ArchiveStatus archive = server.archive().status();
        line(
                "archive",
                server.config().archive().path() + ", open files " + archive.openFiles() + " of "
                        + archive.maxOpenFiles() + ", free " + mebibytes(archive.freeBytes()) + ", not on file yet "
                        + mebibytes(archive.bufferedBytes()) + ", oldest "
                        + archive.oldestUnwritten().toMillis() + " ms");
        if (archive.held() != null) {
            line("ARCHIVE HOLDS", archive.held());
        }
        if (archive.failing() != null) {
            line("FILES FAIL", archive.failing());
        }
        line("memory", server.memory().text());
        line("limit", server.descriptors().text());
        line("rules", server.rules().summary());
        line("next report", server.reports().next().toString());
        line(
                "outbox",
                server.outbox().waiting() + " waiting"
                        + (server.outbox().lastFailure().isEmpty()
                                ? ""
                                : "; last failure: " + server.outbox().lastFailure()));
        page.append('\n');
        for (Map.Entry<Count, Long> count : server.metrics().snapshot().entrySet()) {
            page.append(String.format(
                    Locale.ROOT, "%,16d  %s%n", count.getValue(), count.getKey().text()));
        }
        list("needs attention", server.attention());
        list(
                "rule faults",
                server.rules().loaded().faults().stream()
                        .map(RuleFault::toString)
                        .toList());
        list("undecided rules", server.rules().loaded().undecided());
        list(
                "since the last report",
                server.notices().current().stream().map(Notice::text).toList());
        return page.toString();
    }

    String json() {
        RuleSet rules = server.rules().loaded();
        StringBuilder json = new StringBuilder("{\"started\":")
                .append(JsonText.quoted(server.started().toString()));
        json.append(",\"listening\":").append(JsonText.list(Banner.listening(server)));
        json.append(",\"receive_buffer_bytes\":").append(receiveBuffers());
        json.append(",\"memory\":").append(JsonText.quoted(server.memory().text()));
        json.append(",\"limit\":").append(JsonText.quoted(server.descriptors().text()));
        ArchiveStatus archive = server.archive().status();
        json.append(",\"archive\":{\"path\":")
                .append(JsonText.quoted(server.config().archive().path().toString()));
        json.append(",\"open_files\":").append(archive.openFiles());
        json.append(",\"max_open_files\":").append(archive.maxOpenFiles());
        json.append(",\"buffered_bytes\":").append(archive.bufferedBytes());
        json.append(",\"oldest_unwritten_ms\":")
                .append(archive.oldestUnwritten().toMillis());
        json.append(",\"free_bytes\":").append(archive.freeBytes());
        json.append(",\"held\":").append(archive.held() == null ? "null" : JsonText.quoted(archive.held()));
        json.append(",\"failing\":")
                .append(archive.failing() == null ? "null" : JsonText.quoted(archive.failing()))
                .append('}');
        json.append(",\"rules\":{\"count\":").append(rules.rules().size());
        json.append(",\"digest\":").append(JsonText.quoted(rules.digest()));
        json.append(",\"states\":").append(rules.states());
        json.append(",\"faults\":")
                .append(JsonText.list(
                        rules.faults().stream().map(RuleFault::toString).toList()));
        json.append(",\"undecided\":").append(JsonText.list(rules.undecided()));
        json.append("},\"next_report\":")
                .append(JsonText.quoted(server.reports().next().toString()));
        json.append(",\"outbox_waiting\":").append(server.outbox().waiting());
        json.append(",\"counts\":{");
        String comma = "";
        for (Map.Entry<Count, Long> count : server.metrics().snapshot().entrySet()) {
            json.append(comma).append(JsonText.quoted(count.getKey().name().toLowerCase(Locale.ROOT)));
            json.append(':').append(count.getValue());
            comma = ",";
        }
        json.append("},\"attention\":").append(JsonText.list(server.attention()));
        json.append(",\"notices\":");
        json.append(JsonText.list(
                server.notices().current().stream().map(Notice::text).toList()));
        return json.append('}').toString();
    }

    /** Each listener, with what the kernel gave it to receive in. */
    private List<String> listening() {
        List<String> names = Banner.listening(server);
        List<OpenListener> open = server.listeners();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            String buffer = open.get(i).receiveBuffer();
            all.add(buffer.isEmpty() ? names.get(i) : names.get(i) + " (" + buffer + ")");
        }
        return all;
    }

    /** Bytes of each listener's receive buffer; 0 for one without. */
    private String receiveBuffers() {
        return server.listeners().stream()
                .map(open -> String.valueOf(open.receiveBufferGranted()))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private void line(String name, String value) {
        page.append(String.format(Locale.ROOT, "%-15s %s%n", name, value));
    }

    private void list(String heading, List<String> lines) {
        if (!lines.isEmpty()) {
            page.append('\n').append(heading).append(":\n");
            lines.forEach(
                    line -> page.append("  ").append(ShownText.ofText(line)).append('\n'));
        }
    }

    private static String words(Duration time) {
        long minutes = time.toMinutes();
        return minutes < 120 ? minutes + " min" : minutes < 2880 ? time.toHours() + " h" : time.toDays() + " d";
    }

    private static String mebibytes(long bytes) {
        return bytes < 0 ? "unknown" : String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
    }
}
