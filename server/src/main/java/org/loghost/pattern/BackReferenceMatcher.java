package org.loghost.pattern;

import java.util.Arrays;
import org.loghost.pattern.BackReferenceProgram.Op;

/**
 * Matches one pattern with back-references by backtracking, which may take time exponential in the line: it gives up
 * after a fixed number of steps. Immutable; each call has a stack of its own, at most as long as the steps allow.
 */
final class BackReferenceMatcher {
    /** The pattern does not match, does match, or was not decided within the limit of steps. */
    enum Outcome {
        NO,
        YES,
        OVER_LIMIT
    }

    private final BackReferenceProgram program;
    private final boolean ignoreCase;
    private final boolean utf8;
    private final int stepLimit;

    BackReferenceMatcher(Ast pattern, boolean ignoreCase, boolean utf8, int stepLimit) {
        this.utf8 = utf8;
        this.program = new BackReferenceProgram(pattern);
        this.ignoreCase = ignoreCase;
        this.stepLimit = stepLimit;
    }

    Outcome match(byte[] bytes, int offset, int length) {
        Attempt attempt = new Attempt(bytes, offset, offset + length);
        int start = offset;
        while (start <= offset + length) {
            Outcome outcome = attempt.at(start);
            if (outcome != Outcome.NO) {
                return outcome;
            }
            start += start < offset + length ? attempt.width(start) : 1;
        }
        return Outcome.NO;
    }

    /** The state of one call. */
    private final class Attempt {
        private final byte[] bytes;
        private final int from;
        private final int to;
        /** Start and end of each group, and the place each loop began its round at; -1 is unset. */
        private final int[] slots = new int[program.slots()];
        /** Pairs to return to: (instruction, place), or (-1 - slot, its earlier value) to undo. */
        private int[] stack = new int[128];

        private int depth;
        private int steps;

        Attempt(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        Outcome at(int start) {
            Arrays.fill(slots, -1);
            depth = 0;
            push(0, start);
            while (depth > 0) {
                int place = stack[--depth];
                int pc = stack[--depth];
                if (pc < 0) {
                    slots[-1 - pc] = place;
                    continue;
                }
                while (pc >= 0) {
                    if (++steps > stepLimit) {
                        return Outcome.OVER_LIMIT;
                    }
                    Op op = program.op(pc);
                    if (op == Op.MATCH) {
                        return Outcome.YES;
                    }
                    if (op == Op.BYTES) {
                        place = place < to && program.set(pc).has(bytes[place] & 0xff) ? place + 1 : -1;
                    } else if (op == Op.CHARS) {
                        place = place < to && program.charSet(pc).has(Utf8Decoder.decode(bytes, place, to))
                                ? place + width(place)
                                : -1;
                    } else if (op == Op.BACK_REFERENCE) {
                        place = sameAgain(program.arg(pc), place);
                    }
                    pc = place < 0 ? -1 : next(op, pc, place);
                }
            }
            return Outcome.NO;
        }

        /** The instruction to go on with, or -1 for none. */
        private int next(Op op, int pc, int place) {
            switch (op) {
                case SPLIT -> push(program.arg(pc), place);
                case JUMP -> {
                    return program.arg(pc);
                }
                case SAVE -> save(program.arg(pc), place);
                case PROGRESS -> {
                    if (slots[program.arg(pc)] == place) {
                        return -1; // a round that consumed nothing would go on for ever
                    }
                }
                case ANCHOR -> {
                    if (!program.edge(pc).holds(context(place - 1), context(place))) {
                        return -1;
                    }
                }
                default -> {}
            }
            return pc + 1;
        }

        private int context(int index) {
            if (index < from || index >= to) {
                return Ast.Context.LINE_EDGE;
            }
            boolean word = utf8 ? Characters.isWord(characterAround(index)) : ByteSet.WORD.has(bytes[index] & 0xff);
            return word ? Ast.Context.WORD : Ast.Context.OTHER;
        }

        /** The character that holds this byte; the byte itself, taken for a character, where it is part of none. */
        private int characterAround(int index) {
            for (int at = index; at >= Math.max(from, index - 3); at--) {
                int character = Utf8Decoder.decode(bytes, at, to);
                if (character != CharSet.INVALID && at + Utf8Decoder.length(character) > index) {
                    return character;
                }
            }
            return bytes[index] & 0xff;
        }

        /** How many bytes the next step of the line has. */
        int width(int place) {
            return utf8 ? Utf8Decoder.length(Utf8Decoder.decode(bytes, place, to)) : 1;
        }

        /** The place behind a second occurrence of the group's text, or -1. */
        private int sameAgain(int group, int place) {
            int begin = slots[2 * group];
            int end = slots[2 * group + 1];
            if (begin < 0 || end < begin) {
                return -1;
            }
            if (utf8 && ignoreCase) {
                return sameCharacters(begin, end, place);
            }
            if (to - place < end - begin) {
                return -1;
            }
            for (int i = begin; i < end; i++) {
                if (fold(bytes[i]) != fold(bytes[place + i - begin])) {
                    return -1;
                }
            }
            steps += end - begin;
            return place + end - begin;
        }

        private int sameCharacters(int begin, int end, int place) {
            int at = place;
            for (int i = begin; i < end; i += width(i), at += width(at)) {
                if (at >= to || foldAt(i) != foldAt(at)) {
                    return -1;
                }
                steps++;
            }
            return at;
        }

        private int foldAt(int place) {
            int character = Utf8Decoder.decode(bytes, place, to);
            return character == CharSet.INVALID ? -bytes[place] - 1000 : Characters.upper(character);
        }

        private int fold(byte b) {
            return ignoreCase && b >= 'a' && b <= 'z' ? b - 32 : b;
        }

        private void save(int slot, int place) {
            push(-1 - slot, slots[slot]);
            slots[slot] = place;
        }

        private void push(int pc, int place) {
            if (depth == stack.length) {
                stack = Arrays.copyOf(stack, depth * 2);
            }
            stack[depth++] = pc;
            stack[depth++] = place;
        }
    }
}
