package org.loghost;

import java.util.Locale;
import org.loghost.archive.ArchiveLimits;
import org.loghost.config.LoghostConfig;
import org.loghost.listen.ListenerConfig;
import org.loghost.listen.MemoryNeeds;
import org.loghost.message.BatchPool;
import org.loghost.message.MessageBatch;

/**
 * Shares out the memory that the Java machine really has, so that all that others can make the server keep fits into it at
 * once. What the rules, the hosts and the connections may take by their own limits comes first; the rest is for input.
 * Bytes throughout. Made once, at the start; immutable.
 *
 * @param heap the greatest heap ({@code -Xmx})
 * @param rules the states of the rules' automata
 * @param hosts all hosts and senders that may become known
 * @param connections the connections themselves, without their half frames
 * @param datagramBatches messages of UDP and Unix sockets on their way to the archive
 * @param streamBatches messages of connections on their way to the archive
 * @param halfFrames frames whose end has not come yet, of all connections
 * @param waitingRoom lines that wait for their sender's name, of one event loop
 * @param findings findings that wait for those of earlier batches
 * @param direct the greatest memory beside the heap ({@code -XX:MaxDirectMemorySize})
 * @param archive lines in the archive's buffers, beside the heap
 * @param missing what the heap lacks, 0 when everything fits
 */
record MemoryBudget(
        long heap,
        long rules,
        long hosts,
        long connections,
        long datagramBatches,
        long streamBatches,
        long halfFrames,
        int waitingRoom,
        long findings,
        long direct,
        long archive,
        long missing) {
    private static final long MIB = 1 << 20;

    /** The program itself, the youngest objects, a report that is being made, arrays that are copied as they grow. */
    private static final long PROGRAM = 88 * MIB;

    /** Of the heap, the collector needs a part to work with. */
    private static final int COLLECTOR_PART = 16;

    /** A host with its name, its file and what is known of it. */
    private static final long HOST = 640;

    private static final long LEAST_INPUT = 24 * MIB;
    private static final int MOST_DATAGRAM_BATCHES = 96;
    private static final int STREAM_BATCHES_PER_LOOP = 24;
    private static final int MOST_STREAM_BATCHES = 128;
    private static final int MOST_WAITING_ROOM = (int) (4 * MIB);

    private static final long LEAST_ARCHIVE = 8 * MIB;

    /** What this process may use, shared out. */
    static MemoryBudget ofProcess(LoghostConfig config, int connections) {
        return of(config, connections, Runtime.getRuntime().maxMemory(), MemoryNeeds.maxDirect());
    }

    /** Shares out a heap and the memory beside it, for so many connections. */
    static MemoryBudget of(LoghostConfig config, int connections, long heap, long direct) {
        LoghostConfig.Threads threads = config.threads();
        long rules = threads.classifiers() == 0 ? 0 : 2 * config.rules().memory();
        long hosts = HOST * config.hosts().maxHosts();
        long open = MemoryNeeds.CONNECTION * connections;
        long input = heap - heap / COLLECTOR_PART - PROGRAM - rules - hosts - open;
        long missing = Math.max(0, LEAST_INPUT - input);
        input = Math.max(LEAST_INPUT, input);

        int waitingRoom = (int) Math.min(MOST_WAITING_ROOM, input / 16 / (threads.eventLoops() + 1));
        long findings = input / 8;
        long halfFrames = input / 4;
        long batches = input - findings - halfFrames - (long) waitingRoom * (threads.eventLoops() + 1);
        // Datagrams more than connections, whose senders can be made to wait.
        long streams = batches * (2 + threads.eventLoops()) / (6 + threads.eventLoops());
        long sockets = MemoryNeeds.direct(config.listeners(), threads.eventLoops());
        return new MemoryBudget(
                heap,
                rules,
                hosts,
                open,
                batches - streams,
                streams,
                halfFrames,
                waitingRoom,
                findings,
                direct,
                Math.max(LEAST_ARCHIVE, Math.min(ArchiveLimits.DEFAULT_BUFFER_BYTES, direct - sockets)),
                missing);
    }

    /** The batches for UDP and Unix sockets, which one event loop fills. */
    BatchPool datagramPool(LoghostConfig config) {
        return pool(datagramBatches, 1, MOST_DATAGRAM_BATCHES, longestMessage(config));
    }

    /** The batches for connections. */
    BatchPool streamPool(LoghostConfig config) {
        int loops = config.threads().eventLoops();
        int most = Math.max(loops + 1, Math.min(loops * STREAM_BATCHES_PER_LOOP, MOST_STREAM_BATCHES));
        return pool(streamBatches, loops, most, longestMessage(config));
    }

    /** Leaves room for what the batches being filled may grow by, once they are and once while they are handed on. */
    private static BatchPool pool(long bytes, int loops, int most, int maxMessage) {
        long growth = loops * MemoryNeeds.batchGrowth(maxMessage);
        long size = (bytes - 2 * growth) / MessageBatch.BYTES;
        return new BatchPool((int) Math.max(loops + 1, Math.min(size, most)), bytes - growth, loops);
    }

    private static int longestMessage(LoghostConfig config) {
        return config.listeners().stream()
                .mapToInt(ListenerConfig::maxMessage)
                .max()
                .orElse(ListenerConfig.DEFAULT_MAX_MESSAGE);
    }

    /** In one line, for the log and {@code status}. */
    String text() {
        return "heap " + mebibytes(heap) + " (rules " + mebibytes(rules) + ", hosts " + mebibytes(hosts)
                + ", connections " + mebibytes(connections) + ", messages on their way "
                + mebibytes(datagramBatches + streamBatches) + ", half frames " + mebibytes(halfFrames)
                + ", findings " + mebibytes(findings) + "), beside it " + mebibytes(direct) + " (archive "
                + mebibytes(archive) + ")";
    }

    /** What is wrong when the heap is too small for the limits. */
    String shortage() {
        long wanted = (heap + missing * COLLECTOR_PART / (COLLECTOR_PART - 1)) / MIB + 1;
        return "The heap of " + mebibytes(heap) + " is too small for the limits that are set, by " + mebibytes(missing)
                + ": the server could run out of memory. Set LOGHOST_JAVA_OPTS=-Xmx" + wanted
                + "m, or lower rules.memory, hosts.max-hosts or max-connections";
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%,d MiB", (bytes + MIB / 2) / MIB);
    }
}
