package org.loghost.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Thousands of POSIX extended regular expressions, matched against a line in one pass. Each pattern means what GNU grep
 * 3.8 takes it to mean ({@code grep -E -a}, C locale).
 *
 * <p>A set is immutable and safe from several threads at once. The states that matching makes as it goes are shared
 * between them; together they stay within {@link Builder#memory}. A line is bytes without a line feed; every other
 * byte, NUL too, is an ordinary one. No line and no pattern takes unbounded time.
 */
public final class PatternSet {
    /** Groups are numbered from 0 to this, less one. */
    public static final int MAX_GROUPS = 512;

    /** Bytes of one pattern; grep's own limits lie far below. */
    public static final int MAX_PATTERN = 65_535;

    /** The patterns that begin with ^; null where there are none. */
    private final @Nullable LazyDfa anchored;

    /** The patterns that may begin anywhere; null where there are none. */
    private final @Nullable LazyDfa floating;

    private final Confirmation[] confirmations;
    private final MatchesPool pool;
    private final int size;

    PatternSet(
            @Nullable LazyDfa anchored,
            @Nullable LazyDfa floating,
            Confirmation[] confirmations,
            MatchesPool pool,
            int size) {
        this.anchored = anchored;
        this.floating = floating;
        this.confirmations = confirmations;
        this.pool = pool;
        this.size = size;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The groups that match somewhere in the line, with the lowest rule of each.
     *
     * <p>Allocates nothing once the states the line needs are made, unless a rule with a back-reference has to be asked.
     *
     * @param bytes the line is the {@code length} bytes from {@code offset}; they must not change meanwhile
     */
    public Matches match(byte[] bytes, int offset, int length) {
        Matches matches = anchored == null ? Matches.NONE : anchored.match(bytes, offset, length);
        if (floating != null) {
            matches = pool.join(matches, floating.match(bytes, offset, length));
        }
        return matches.hasCandidates() ? confirm(matches, bytes, offset, length) : matches;
    }

    /**
     * Matches several lines of one array, some at a time in step, which is faster than one by one.
     *
     * @param from the first line: it has {@code lengths[from]} bytes from {@code offsets[from]}, and its outcome goes to
     *     {@code out[from]}
     * @param count how many lines
     */
    public void match(byte[] bytes, int[] offsets, int[] lengths, int from, int count, Matches[] out) {
        Arrays.fill(out, from, from + count, Matches.NONE);
        if (floating != null) {
            floating.match(bytes, offsets, lengths, from, count, out);
        }
        if (anchored != null) {
            anchored.match(bytes, offsets, lengths, from, count, out);
        }
        for (int i = from; i < from + count; i++) {
            if (out[i].hasCandidates()) {
                out[i] = confirm(out[i], bytes, offsets[i], lengths[i]);
            }
        }
    }

    private Matches confirm(Matches suggested, byte[] bytes, int offset, int length) {
        Matches certain = suggested.certain();
        for (int candidate : suggested.candidates()) {
            Confirmation confirmation = confirmations[candidate];
            Member rule = confirmation.rule();
            int lowest = certain.rule(rule.group());
            boolean couldBeLowest = lowest < 0 || rule.number() < lowest;
            if (couldBeLowest) {
                certain = pool.join(certain, confirmation.outcome(bytes, offset, length));
            }
        }
        return certain;
    }

    /** How many patterns are in the set. */
    public int size() {
        return size;
    }

    /** Bytes that the automata and their states occupy now; an estimate that leaves out small change. */
    public long memoryUsed() {
        long sum = sum(LazyDfa::memoryUsed);
        for (Confirmation confirmation : confirmations) {
            LazyDfa dfa = confirmation.dfa();
            sum += dfa == null ? 0 : dfa.memoryUsed();
        }
        return sum;
    }

    /** How often the states of a common automaton were thrown away because they had filled their memory. */
    public long flushes() {
        return sum(LazyDfa::flushes);
    }

    /** How many states the common automata hold now. */
    public long states() {
        return sum(LazyDfa::stateCount);
    }

    /** How many lines were matched without making states, slower, because new ones did not pay. */
    public long simulatedLines() {
        return sum(LazyDfa::simulated);
    }

    private long sum(ToLongFunction<LazyDfa> measure) {
        return (anchored == null ? 0 : measure.applyAsLong(anchored))
                + (floating == null ? 0 : measure.applyAsLong(floating));
    }

    /** How many patterns are matched apart from the common automaton, on lines that may match them. */
    public int apart() {
        return confirmations.length;
    }

    /**
     * The rules that some line took beyond the limit of steps, with the number of such lines. What they were taken for
     * {@link Builder#undecidedGroup} said. Only rules with back-references can do so, and in UTF-8 those with the edges
     * of words.
     */
    public Map<Integer, Long> overLimit() {
        Map<Integer, Long> counts = new TreeMap<>();
        for (Confirmation confirmation : confirmations) {
            if (confirmation.overLimit() > 0) {
                counts.merge(confirmation.rule().number(), confirmation.overLimit(), Long::sum);
            }
        }
        return counts;
    }

    /** The rules that give up on this line, by their numbers; they are not counted by {@link #overLimit}. Slow. */
    public BitSet undecided(byte[] bytes, int offset, int length) {
        BitSet numbers = new BitSet();
        for (Confirmation confirmation : confirmations) {
            if (confirmation.givesUpOn(bytes, offset, length)) {
                numbers.set(confirmation.rule().number());
            }
        }
        return numbers;
    }

    /** Collects patterns. Used by one thread; {@link #build} may be called more than once. */
    public static final class Builder {
        private static final long DEFAULT_MEMORY = 32L << 20;
        private static final long MAX_TOTAL_POSITIONS = 4_000_000;

        private final List<Member> rules = new ArrayList<>();
        private long memory = DEFAULT_MEMORY;
        private boolean utf8;
        private @Nullable Integer undecidedGroup;
        private long positions;

        private Builder() {}

        /** The most bytes that lazily made states may occupy; the default is 32 MiB. A few kilobytes always are used. */
        public Builder memory(long bytes) {
            memory = bytes;
            return this;
        }

        /**
         * Whether the patterns added from now on match characters in UTF-8, as grep does in the locale C.UTF-8, instead
         * of bytes. A set has patterns of one kind only.
         */
        public Builder utf8(boolean characters) {
            if (characters != utf8 && !rules.isEmpty()) {
                throw new IllegalStateException("utf8 after a pattern (expected: before the first)");
            }
            utf8 = characters;
            return this;
        }

        /**
         * The group in which the patterns added from now on are reported for a line on which they give up, because it
         * would take too many steps to decide; null, as at the start: they are taken not to match it.
         */
        public Builder undecidedGroup(@Nullable Integer group) {
            undecidedGroup = group;
            return this;
        }

        /**
         * Adds one pattern. After an exception the builder is as before.
         *
         * @param ignoreCase as grep's {@code -i}: ASCII letters
         * @param group what {@link Matches} tells apart, from 0 to {@link #MAX_GROUPS} - 1
         * @param rule the caller's number for the pattern, not negative; it need not be unique
         * @throws PatternException if grep refuses the pattern, or it is too large for this engine
         */
        public Builder add(byte[] pattern, boolean ignoreCase, int group, int rule) throws PatternException {
            if (group < 0 || group >= MAX_GROUPS || rule < 0) {
                throw new IllegalArgumentException("group " + group + ", rule " + rule + " (expected: a group below "
                        + MAX_GROUPS + " and a rule that is not negative)");
            }
            Member parsed = Member.parse(pattern, ignoreCase, utf8, group, rule);
            long more = Positions.of(parsed.ast());
            if (positions + more > MAX_TOTAL_POSITIONS) {
                throw new PatternException(
                        "too large: " + (positions + more)
                                + " positions with the patterns before it (expected: at most " + MAX_TOTAL_POSITIONS
                                + " in one set)",
                        0);
            }
            positions += more;
            rules.add(parsed.undecidedIn(undecidedGroup));
            return this;
        }

        public PatternSet build() {
            return new Assembly(List.copyOf(rules), memory).build();
        }
    }
}
