package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class PatternSetAllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 200;
    private static final int LINES = 64;

    private final byte[] bytes = new byte[LINES * 80];
    private final int[] offsets = new int[LINES];
    private final int[] lengths = new int[LINES];
    private final Matches[] out = new Matches[LINES];

    /** Anchored rules in wide and in narrow rows, floating ones, and some that are matched apart. */
    @Test
    void matchingAllocatesNothingOnceTheStatesAreMade() throws PatternException {
        for (long memory : new long[] {32 << 20, 200_000}) {
            PatternSet set = set(memory);
            fillLines();
            for (int i = 0; i < 3; i++) {
                match(set);
            }
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long nothing = THREADS.getCurrentThreadAllocatedBytes() - before;
            before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                match(set);
            }
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before - nothing;
            assertThat(set.apart()).isPositive();
            assertThat(allocated).as("bytes for %d lines", 2 * ROUNDS * LINES).isZero();
        }
    }

    private void match(PatternSet set) {
        set.match(bytes, offsets, lengths, 0, LINES, out);
        for (int i = 0; i < LINES; i++) {
            set.match(bytes, offsets[i], lengths[i]);
        }
    }

    private static PatternSet set(long memory) throws PatternException {
        PatternSet.Builder builder = PatternSet.builder().memory(memory);
        for (int i = 0; i < 40; i++) {
            add(builder, 0, i, "^[[:alpha:]]{3} [ :[:digit:]]{11} [._[:alnum:]-]+ prog" + i + "\\[[0-9]+\\]: line .*$");
            add(builder, 1, 100 + i, "part" + i + "( |$)");
        }
        for (int i = 0; i < 8; i++) {
            add(builder, 2, 200 + i, "prog" + i + ".*part" + i);
        }
        return builder.build();
    }

    private static void add(PatternSet.Builder builder, int group, int rule, String pattern) throws PatternException {
        builder.add(pattern.getBytes(ISO_8859_1), false, group, rule);
    }

    private void fillLines() {
        int at = 0;
        for (int i = 0; i < LINES; i++) {
            byte[] line = ("Nov 23 10:00:" + (10 + i % 50) + " host prog" + i + "[" + (i * 37) + "]: line of part"
                            + i % 50)
                    .getBytes(ISO_8859_1);
            System.arraycopy(line, 0, bytes, at, line.length);
            offsets[i] = at;
            lengths[i] = line.length;
            at += line.length;
        }
    }
}
