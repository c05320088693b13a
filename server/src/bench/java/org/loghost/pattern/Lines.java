package org.loghost.pattern;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Lines in one array, as a batch holds them. */
final class Lines {
    private final byte[] bytes;
    private final int[] offsets;
    private final int[] lengths;

    private Lines(byte[] bytes, int[] offsets, int[] lengths) {
        this.bytes = bytes;
        this.offsets = offsets;
        this.lengths = lengths;
    }

    /** Splits at line feeds. */
    static Lines of(byte[] bytes) {
        int[] offsets = new int[1024];
        int[] lengths = new int[1024];
        int count = 0;
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (count == offsets.length) {
                    offsets = Arrays.copyOf(offsets, count * 2);
                    lengths = Arrays.copyOf(lengths, count * 2);
                }
                offsets[count] = start;
                lengths[count++] = i - start;
                start = i + 1;
            }
        }
        return new Lines(bytes, Arrays.copyOf(offsets, count), Arrays.copyOf(lengths, count));
    }

    byte[] bytes() {
        return bytes;
    }

    int[] offsets() {
        return offsets;
    }

    int[] lengths() {
        return lengths;
    }

    int count() {
        return offsets.length;
    }

    /** A set of one group. */
    static PatternSet compile(List<String> rules, boolean ignoreCase) {
        PatternSet.Builder builder = PatternSet.builder();
        for (int i = 0; i < rules.size(); i++) {
            try {
                builder.add(rules.get(i).getBytes(StandardCharsets.ISO_8859_1), ignoreCase, 0, i);
            } catch (PatternException e) {
                throw new IllegalArgumentException(rules.get(i), e);
            }
        }
        return builder.build();
    }

    /** How many lines no rule of the set matches. */
    int unmatched(PatternSet set, Matches[] out) {
        int unmatched = 0;
        for (int from = 0; from < count(); from += out.length) {
            int size = Math.min(out.length, count() - from);
            unmatched += unmatched(set, from, size, out);
        }
        return unmatched;
    }

    private int unmatched(PatternSet set, int from, int size, Matches[] out) {
        int[] slice = Arrays.copyOfRange(offsets, from, from + size);
        set.match(bytes, slice, Arrays.copyOfRange(lengths, from, from + size), 0, size, out);
        int unmatched = 0;
        for (int i = 0; i < size; i++) {
            unmatched += out[i].isEmpty() ? 1 : 0;
        }
        return unmatched;
    }
}
