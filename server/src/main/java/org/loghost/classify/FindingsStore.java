package org.loghost.classify;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Keeps findings on disk until a report has told them, in numbered segments: one report is one segment.
 *
 * <p>What {@link #append} has returned for survives the death of the process; a sealed segment has been synced and
 * survives that of the machine. Numbers ascend and are never given twice, over restarts too. A record that a crash left
 * unfinished is cut off at the next start and said so.
 *
 * <p>All segments together are bounded by a budget, of which {@link FindingsRoom} keeps a part for the higher tiers. What
 * does not fit, or cannot be written, is counted, posted as a notice, and told in the next segment by one line per host,
 * program and tier; the next append tries again. A file that cannot be used is set aside and said so.
 *
 * <p>Any thread; appending and sealing exclude each other, and neither waits for a reader.
 */
public final class FindingsStore implements Closeable {
    /** 1 GiB over all segments. */
    public static final long DEFAULT_BUDGET = 1L << 30;

    private static final Logger logger = LogManager.getLogger(FindingsStore.class);

    private final SegmentFiles files;
    private final long budget;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final FindingsRoom room;
    private final LostFindings lost = new LostFindings();
    private final FindingsBuffer kept = new FindingsBuffer();
    private final FindingsBuffer lostLines = new FindingsBuffer();

    private long lastNumber;
    /** Bytes of all segments. */
    private long used;

    private @Nullable RandomAccessFile current;
    private long currentNumber;
    private long currentSize;
    private boolean failing;
    private boolean closed;

    private FindingsStore(SegmentFiles files, long budget, ServerMetrics metrics, Notices notices, Clock clock) {
        this.files = files;
        this.budget = budget;
        this.room = new FindingsRoom(budget);
        this.metrics = metrics;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Opens the store in a folder (made with 0750 when it is not there, files 0600) and goes on with the segment that
     * was open at the last end.
     *
     * @param budget bytes of all segments together
     * @param clock its zone writes the time of the store's own lines
     * @throws IOException when the folder cannot be made or read
     */
    public static FindingsStore open(Path folder, long budget, ServerMetrics metrics, Notices notices, Clock clock)
            throws IOException {
        FindingsStore store = new FindingsStore(new SegmentFiles(folder), budget, metrics, notices, clock);
        store.open();
        return store;
    }

    private synchronized void open() throws IOException {
        files.createFolder();
        for (String unusable : files.setAsideUnusable()) {
            unusable(unusable);
        }
        lastNumber = files.lastNumber(clock.instant().getEpochSecond());
        NavigableMap<Long, Path> open = files.allOpen();
        for (Map.Entry<Long, Path> segment : open.entrySet()) {
            cutTornTail(segment.getKey(), segment.getValue());
        }
        open = files.allOpen();
        for (Path segment : open.values()) {
            used += Files.size(segment);
        }
        for (Path segment : files.allSealed().values()) {
            used += Files.size(segment);
        }
        if (!open.isEmpty()) {
            proceed(open.lastKey(), open.lastEntry().getValue());
        }
    }

    private void unusable(String what) {
        notices.postExample(
                Notice.Topic.SERVER,
                Notice.Level.WARNING,
                "findings unusable",
                "Stored findings cannot be used and were set aside; the lines of some are missing from the report, the"
                        + " archive has them",
                what);
    }

    /** Stores the findings of one batch; returns after they are written. Never throws: what fails is counted. */
    public synchronized void append(FindingsBuffer findings) {
        if (findings.isEmpty()) {
            return;
        }
        if (closed) {
            lose(findings, "the store of findings is closed");
        } else if (room.isAmple(used + findings.length())) {
            store(findings);
        } else {
            storeWhatHasRoom(findings);
        }
    }

    private void store(FindingsBuffer findings) {
        try {
            write(findings);
            recovered();
        } catch (IOException e) {
            failed(e);
            lose(findings, "findings cannot be written: " + e.getMessage());
        }
    }

    private void storeWhatHasRoom(FindingsBuffer findings) {
        int left = 0;
        for (int at = 0; at < findings.length(); at += findings.size(at)) {
            if (room.admits(findings, at, used + kept.length())) {
                kept.copy(findings, at);
            } else {
                lost.add(findings, at);
                left++;
            }
        }
        if (left > 0) {
            lost(
                    left,
                    "findings take " + used + " bytes until they are reported (expected: at most " + budget
                            + " bytes)");
        }
        if (!kept.isEmpty()) {
            store(kept);
            kept.clear();
        }
    }

    /**
     * Ends the current segment between two appends.
     *
     * @return the numbers of all sealed segments, ascending; each stays until it is deleted
     */
    public List<Long> seal() throws IOException {
        RandomAccessFile ended = null;
        try {
            synchronized (this) {
                tellLost();
                ended = current;
                current = null;
                sealOpen();
                return List.copyOf(files.allSealed().keySet());
            }
        } finally {
            // Outside the lock: the next segment's findings need not wait for the disk.
            if (ended != null) {
                syncAndClose(ended);
                files.sync();
            }
        }
    }

    private void sealOpen() throws IOException {
        for (Map.Entry<Long, Path> segment : files.allOpen().entrySet()) {
            if (Files.size(segment.getValue()) == 0) {
                Files.delete(segment.getValue());
            } else {
                files.seal(segment.getKey());
            }
        }
    }

    private static void syncAndClose(RandomAccessFile ended) throws IOException {
        try (ended) {
            ended.getFD().sync();
        }
    }

    /**
     * Hands on a sealed segment's findings one by one, in the order in which they were stored.
     *
     * @throws DamagedFindingsException when some of it is damaged; all that is sound has been handed on by then
     * @throws IOException when it could not be read, or not to its end
     */
    public void read(long segment, Consumer<Finding> reader) throws IOException {
        FindingsSegment.read(files.sealed(segment), reader);
    }

    /**
     * Hands on what was received from a time on, of all segments that wait for their report; damage is stepped over. To be
     * called before anything is appended.
     */
    public void readSince(long receivedMillis, Consumer<Finding> reader) throws IOException {
        for (NavigableMap<Long, Path> segments : List.of(files.allSealed(), files.allOpen())) {
            for (Path segment : segments.values()) {
                FindingsSegment.readSince(segment, receivedMillis, reader);
            }
        }
    }

    /** Deletes a sealed segment whose report is safe. One that is gone already is no fault. */
    public synchronized void delete(long segment) throws IOException {
        Path file = files.sealed(segment);
        long size = Files.exists(file) ? Files.size(file) : 0;
        if (Files.deleteIfExists(file)) {
            used -= size;
        }
    }

    /** Bytes that all segments take now. */
    public synchronized long bytes() {
        return used;
    }

    /** Closes the current segment; the next start goes on with it. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            tellLost();
        } finally {
            closed = true;
            RandomAccessFile ended = current;
            current = null;
            if (ended != null) {
                syncAndClose(ended);
            }
        }
    }

    private void write(FindingsBuffer findings) throws IOException {
        RandomAccessFile out = current;
        if (out == null) {
            out = startSegment();
        }
        try {
            out.write(findings.bytes(), 0, findings.length());
        } catch (IOException e) {
            takeBack(out);
            throw e;
        }
        currentSize += findings.length();
        used += findings.length();
    }

    private RandomAccessFile startSegment() throws IOException {
        long number = lastNumber + 1;
        Path file = files.create(number);
        lastNumber = number;
        return proceed(number, file);
    }

    private RandomAccessFile proceed(long number, Path file) throws IOException {
        RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw");
        current = out;
        currentNumber = number;
        currentSize = out.length();
        out.seek(currentSize);
        return out;
    }

    /** Cuts off what a failed write left behind; where that fails too, the segment is left and a new one begun. */
    private void takeBack(RandomAccessFile out) {
        try {
            out.setLength(currentSize);
            out.seek(currentSize);
        } catch (IOException e) {
            logger.warn("Findings segment {} cannot be cut: {}", currentNumber, e.toString());
            current = null;
            closeQuietly(out);
        }
    }

    private static void closeQuietly(RandomAccessFile out) {
        try {
            out.close();
        } catch (IOException e) {
            logger.debug("Closing a findings segment failed after a failed write", e);
        }
    }

    private void lose(FindingsBuffer findings, String why) {
        for (int at = 0; at < findings.length(); at += findings.size(at)) {
            lost.add(findings, at);
        }
        lost(findings.count(), why);
    }

    private void lost(int count, String why) {
        metrics.add(Count.LOST_FINDINGS, count);
        notices.post(
                Notice.Level.WARNING,
                "findings lost",
                why
                        + "; the report has some lines as counts by host and program alone, the archive has them; find"
                        + " out who floods, free space, or report more often");
    }

    private void failed(IOException e) {
        if (!failing) {
            failing = true;
            logger.error("Findings cannot be written, the next batch tries again: {}", e.toString());
        }
    }

    private void recovered() {
        if (failing) {
            failing = false;
            logger.info("Findings can be written again");
        }
    }

    /** A few lines in the place of what was lost; beyond the budget, which they hardly move. */
    private void tellLost() {
        if (lost.isEmpty()) {
            return;
        }
        lost.describe(clock, lostLines);
        try {
            write(lostLines);
            lost.clear();
        } catch (IOException e) {
            failed(e);
        } finally {
            lostLines.clear();
        }
    }

    private void cutTornTail(long number, Path file) throws IOException {
        try {
            cutTail(number, file);
        } catch (IOException e) {
            unusable(file + ": " + e.getMessage() + ", is now " + files.moveAside(file));
        }
    }

    private void cutTail(long number, Path file) throws IOException {
        RecordReader records;
        try (InputStream in = Files.newInputStream(file)) {
            records = new RecordReader(in);
            records.skipAll();
        }
        long torn = Files.size(file) - records.validEnd();
        if (torn > 0) {
            if (!files.isUnfinishedRecord(file, records.validEnd())) {
                Path aside = files.keepAside(file, records.validEnd());
                notices.postExample(
                        Notice.Topic.SERVER,
                        Notice.Level.WARNING,
                        "findings damaged",
                        "Stored findings are damaged at their end, as after a loss of power; lines may be missing from"
                                + " the report, and what is damaged was set aside",
                        String.valueOf(aside));
            }
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(records.validEnd());
            }
            String text = "findings segment " + number + ": " + torn
                    + " bytes of an unfinished record were cut off at start; its line is in the archive";
            notices.post(Notice.Level.INFO, "findings torn " + number, text);
            logger.warn("Findings segment {}: {} bytes of an unfinished record were cut off", number, torn);
        }
    }
}
