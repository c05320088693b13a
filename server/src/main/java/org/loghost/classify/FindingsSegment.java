package org.loghost.classify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the findings of one segment file in the order in which they were stored, one at a time, however many there are.
 * One thread.
 */
public final class FindingsSegment {
    private static final List<Set<Tier>> TIERS =
            IntStream.range(0, 8).mapToObj(FindingsSegment::tiers).toList();

    private final RecordReader records;
    private byte[] ruleBytes = new byte[0];
    private @Nullable String rule;
    private @Nullable String meaning;

    private FindingsSegment(RecordReader records) {
        this.records = records;
    }

    /**
     * Hands on a segment's findings one by one.
     *
     * @throws DamagedFindingsException when some of it is damaged; all that is sound has been handed on by then
     * @throws IOException when it could not be read, or not to its end
     */
    public static void read(Path file, Consumer<Finding> reader) throws IOException {
        RecordReader records;
        try (InputStream in = Files.newInputStream(file)) {
            records = new RecordReader(in);
            FindingsSegment segment = new FindingsSegment(records);
            while (records.next()) {
                reader.accept(segment.finding());
            }
        }
        if (records.damaged() > 0) {
            throw new DamagedFindingsException(
                    records.damaged() + " bytes of " + file + " are damaged and were left out");
        }
    }

    /** The same from a time of receipt on; damage is stepped over in silence. */
    static void readSince(Path file, long receivedMillis, Consumer<Finding> reader) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            RecordReader records = new RecordReader(in);
            FindingsSegment segment = new FindingsSegment(records);
            while (records.next()) {
                if (records.int64(records.payload()) >= receivedMillis) {
                    reader.accept(segment.finding());
                }
            }
        }
    }

    private Finding finding() {
        byte[] bytes = records.bytes();
        int at = records.payload();
        int end = at + records.payloadLength();
        int hostLength = bytes[at + 14] & 0xff;
        int ruleStart = at + RecordFormat.FIXED + hostLength;
        int meaningStart = ruleStart + 2 + records.short16(ruleStart);
        int line = meaningStart + 2 + records.short16(meaningStart);
        readRule(bytes, ruleStart, meaningStart, line);
        return new Finding(
                records.int64(at),
                new String(bytes, at + RecordFormat.FIXED, hostLength, StandardCharsets.US_ASCII),
                bytes[at + 9] & 0xff,
                TIERS.get(bytes[at + 8] & 7),
                rule,
                meaning,
                records.int32(at + 10),
                new String(bytes, line, end - line, StandardCharsets.ISO_8859_1));
    }

    /** Findings of one rule often stand in a row: their texts are made once. */
    private void readRule(byte[] bytes, int ruleStart, int meaningStart, int end) {
        if (Arrays.equals(bytes, ruleStart, end, ruleBytes, 0, ruleBytes.length)) {
            return;
        }
        ruleBytes = Arrays.copyOfRange(bytes, ruleStart, end);
        rule = text(bytes, ruleStart + 2, meaningStart);
        meaning = text(bytes, meaningStart + 2, end);
    }

    private static @Nullable String text(byte[] bytes, int start, int end) {
        return start == end ? null : new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    private static Set<Tier> tiers(int bits) {
        Set<Tier> tiers = EnumSet.noneOf(Tier.class);
        for (Tier tier : Tier.values()) {
            if ((bits & tier.bit()) != 0) {
                tiers.add(tier);
            }
        }
        return Collections.unmodifiableSet(tiers);
    }
}
