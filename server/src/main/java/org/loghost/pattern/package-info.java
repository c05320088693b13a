/**
 * POSIX extended regular expressions, read as GNU grep 3.8 reads them ({@code grep -E -a}, in the C locale, or in C.UTF-8
 * where asked to), thousands at once.
 *
 * <p>{@link org.loghost.pattern.PatternSet} is what others use; {@link org.loghost.pattern.PatternAnalysis} answers
 * questions about a single pattern. The way of a pattern:
 *
 * <ol>
 *   <li>{@code Parser} reads it twice, as grep does, and gives an {@code Ast}. Case is folded here. {@code Member} refuses
 *       what is too large, before anything is built.
 *   <li>{@code Branch} flattens each top-level alternative and drops what cannot decide whether a line matches, such as
 *       {@code .*} at either end.
 *   <li>{@code Nfa} is Thompson's automaton, entered as a trie, so that rules share their common beginning. Anchored and
 *       unanchored patterns go into two automata, since the states of one would be pairs of states.
 *   <li>{@code LazyDfa} makes deterministic states when a line first needs them. A state is the set of NFA nodes that the
 *       bytes so far can have led to; {@code Stepper} computes such sets, {@code StateCache} keeps them with their
 *       transitions, in rows whose form {@code RowShape} chooses, and {@code CompactWalk} and {@code WideWalk} run lines
 *       through the rows without a lock.
 *   <li>A state reports the groups whose patterns end there as a {@code Matches}. Reports are joined on the way, outside
 *       the states; were they part of them, each combination of rules seen would be a state of its own.
 * </ol>
 *
 * <p><b>Conditions between bytes</b> ({@code ^ $ \< \> \b \B}) are nodes of their own. A set keeps them undecided; the
 * next byte, or the line's end, decides them together with what stood before the place. So a state remembers one of
 * three things about the byte before it (nothing, a word byte, another), and only where a condition asks.
 *
 * <p><b>Characters.</b> In UTF-8 a node of the NFA takes one character of a {@code CharSet}, so that {@code \w} is one
 * node and not the thousand that its bytes would be. {@code Utf8Decoder} turns bytes into classes of characters; within a
 * character the set of nodes waits, and the state remembers the decoder's node beside the byte before. ASCII items are
 * as they are for bytes, and an automaton without others does not decode at all: no ASCII byte is part of another
 * character. Edges of words need the whole character to either side and are left to backtracking.
 *
 * <p><b>Speed.</b> Walking waits for memory more than it computes. Small automata have one wide row for each state, and
 * four lines step through them at once ({@code WideWalk}). Anchored patterns in their hundreds outgrow the processor's
 * cache: then their states are made anew in narrow rows and runs, and lines go one after the other ({@code CompactWalk}),
 * which with thousands of rules is faster.
 *
 * <p><b>Bounds.</b> One pattern has at most 40,000 nodes, a set 4,000,000. States are limited in bytes. When that is
 * full, all states are thrown away; if few bytes were walked for each transition made, states do not pay on this input,
 * and for some thousand lines a line that leaves the states known is simulated on the NFA, which takes time
 * proportional to the nodes for each byte. Patterns that multiply states ({@code a.{20}b}) get an automaton apart; the
 * common one holds a simpler hint, which says on which lines it must be asked ({@code Apartness}, {@code
 * Confirmation}). So do patterns with back-references, which {@code BackReferenceMatcher} decides by backtracking, going no way twice, with a
 * limit of steps; what a line beyond it counts as, the user of the set decides for each pattern.
 *
 * <p><b>Threads.</b> See {@code StateCache} for why walking needs no lock: each entry of the tables goes from 0 to its
 * final value once, and 0 means "ask under the lock".
 *
 * <p><b>Sources.</b> Ken Thompson, "Regular Expression Search Algorithm", CACM 11(6), 1968, for the NFA and its
 * simulation; Aho, Sethi and Ullman, "Compilers", 1986, section 3.9, and GNU grep's {@code dfa.c} for the DFA built
 * while matching; Russ Cox, "Regular Expression Matching in the Wild", 2010, and RE2 for the bounded, flushed cache and
 * the fall-back to simulation. What patterns mean follows gnulib's {@code dfa.c} and glibc's {@code regcomp.c}; {@code
 * GrepDifferentialTest} holds this package to the system's own grep.
 */
@NullMarked
package org.loghost.pattern;

import org.jspecify.annotations.NullMarked;
