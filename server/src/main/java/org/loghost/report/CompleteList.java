package org.loghost.report;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.loghost.classify.Finding;
import org.loghost.classify.Tier;

/**
 * {@code complete.txt.gz}: every line of a report in the order it came, a line each: receive time, the tiers as
 * {@code AVU} with dashes for those it is not in, and the line, invisible characters shown as in the mail. Bounded:
 * after {@code limit} octets it ends, and {@link #written} says after how many lines. One thread.
 */
final class CompleteList implements AutoCloseable {
    private final long limit;
    private final Counting counting;
    private final Writer out;
    private final DateTimeFormatter time;
    private long written;
    private boolean full;

    /** Takes the stream and closes it in the end, also when this fails. */
    CompleteList(OutputStream file, long limit, ZoneId zone) throws IOException {
        this.limit = limit;
        counting = new Counting(file);
        out = new OutputStreamWriter(compressed(counting), StandardCharsets.UTF_8);
        time = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT).withZone(zone);
    }

    /** Its header is written at once, onto a disk that may be full. */
    private static OutputStream compressed(OutputStream file) throws IOException {
        try {
            return new GZIPOutputStream(file, 65_536);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    void add(Finding finding) throws IOException {
        if (full || counting.octets >= limit) {
            full = true;
            return;
        }
        written++;
        out.write(time.format(Instant.ofEpochMilli(finding.receivedMillis())));
        out.write(' ');
        out.write(finding.tiers().contains(Tier.ATTACK) ? 'A' : '-');
        out.write(finding.tiers().contains(Tier.VIOLATION) ? 'V' : '-');
        out.write(finding.tiers().contains(Tier.UNUSUAL) ? 'U' : '-');
        out.write(' ');
        out.write(ShownText.of(finding.line()));
        out.write('\n');
    }

    /** Lines in the list. */
    long written() {
        return written;
    }

    /** Whether the limit ended it before the last line. */
    boolean isCut() {
        return full;
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            // A writer that cannot write its last octets leaves its file open.
            counting.close();
        }
    }

    private static final class Counting extends FilterOutputStream {
        private long octets;

        Counting(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
            octets++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            octets += length;
        }
    }
}
