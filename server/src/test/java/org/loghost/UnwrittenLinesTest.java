package org.loghost;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.loghost.archive.ArchiveReader;
import org.loghost.classify.Classifier;
import org.loghost.classify.FindingsBuffer;
import org.loghost.classify.FindingsStore;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.LastRun;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.rules.RuleHits;
import org.loghost.rules.RuleLoader;
import org.loghost.rules.RulesConfig;

/** The look after an unclean end. */
class UnwrittenLinesTest {
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final int LONG = 1_000_000;

    @TempDir
    Path folder;

    private final Clock clock = Clock.systemUTC();
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(clock);

    @Test
    void linesThatAreNotOnFileAreCountedByHost() throws Exception {
        tell(3, 2, 20);
        assertThat(notices.current())
                .singleElement()
                .extracting(Notice::text)
                .asString()
                .startsWith("1 line of the report and of its complete list is not in the archive")
                .endsWith(": goblin 1");
    }

    @Test
    void whereAllAreOnFileNothingIsSaid() throws Exception {
        tell(3, 3, 20);
        assertThat(notices.current()).isEmpty();
    }

    @Test
    void ofVeryLongLinesNoMoreAreKeptThanFitAndTheRestIsSaid() throws Exception {
        tell(34, 34, LONG);
        assertThat(notices.current())
                .singleElement()
                .extracting(Notice::text)
                .asString()
                .contains("1 line of the report could not be looked for")
                .doesNotContain("0 lines");
    }

    /** Stores findings of so many lines, of which so many are on file. */
    private void tell(int reported, int onFile, int length) throws Exception {
        Path day = Files.createDirectories(folder.resolve("hosts/goblin")).resolve("2026-11-22.log");
        Classifier classifier = new Classifier(
                RuleLoader.load(RulesConfig.of(List.of())), RuleHits.load(folder.resolve("hits")), metrics, clock);
        Path path = folder.resolve("findings");
        try (FindingsStore store = FindingsStore.open(path, FindingsStore.DEFAULT_BUDGET, metrics, notices, clock);
                var file = Files.newBufferedWriter(day, StandardCharsets.US_ASCII)) {
            for (int i = 0; i < reported; i++) {
                String line = "Nov 22 12:00:00 goblin app: %02d %s".formatted(i, "x".repeat(length));
                FindingsBuffer findings = new FindingsBuffer();
                classifier.classify(batch(line), findings);
                store.append(findings);
                if (i < onFile) {
                    file.write(line + "\n");
                }
            }
        }
        LastRun run = new LastRun(NOON, NOON, false, NOON, Map.of(), null);
        try (FindingsStore store = FindingsStore.open(path, FindingsStore.DEFAULT_BUDGET, metrics, notices, clock)) {
            new UnwrittenLines(new ArchiveReader(folder.resolve("hosts")), ZoneOffset.UTC).tell(store, run, notices);
        }
    }

    private static MessageBatch batch(String line) {
        byte[] bytes = line.getBytes(StandardCharsets.US_ASCII);
        MessageBatch batch = new BatchPool(1).poll();
        int at = batch.reserve(bytes.length);
        System.arraycopy(bytes, 0, batch.slab(), at, bytes.length);
        batch.advance(bytes.length);
        Listener listener = new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC);
        Sender sender = new Sender(listener, InetAddress.getLoopbackAddress());
        batch.add(at, bytes.length, 38, new Host(0, "goblin"), sender, NOON.toEpochMilli());
        return batch;
    }
}
