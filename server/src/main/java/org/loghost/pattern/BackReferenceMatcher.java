package org.loghost.pattern;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Matches one pattern with back-references by backtracking. It goes no way twice, so that time is polynomial in the
 * line, with the number of groups asked for as the exponent, and gives up after a fixed number of steps. Immutable; each
 * call has a stack of its own, at most as long as the steps allow, and up to 4 MiB for the places visited.
 */
final class BackReferenceMatcher {
    /** The pattern does not match, does match, or was not decided within the limit of steps. */
    enum Outcome {
        NO,
        YES,
        OVER_LIMIT
    }

    /** Lines that take no more steps than this need no memory of where they have been. */
    private static final int EASY = 1_000;
    /** How many steps finding a place among those visited is worth. */
    private static final int LOOKING_UP = 6;
    /** How many bytes of a run are as much work as a step. */
    private static final int BYTES_A_STEP = 4;
    /** With more slots than this, remembering where it has been would cost more than it saves. */
    private static final int MOST_SLOTS = 16;

    private final BackReferenceProgram program;
    private final boolean ignoreCase;
    private final boolean utf8;
    private final int stepLimit;
    private final int easy;

    BackReferenceMatcher(Ast pattern, boolean ignoreCase, boolean utf8, int stepLimit) {
        this(pattern, ignoreCase, utf8, stepLimit, EASY);
    }

    /** One that remembers where it has been after so many steps. */
    BackReferenceMatcher(Ast pattern, boolean ignoreCase, boolean utf8, int stepLimit, int easy) {
        this.easy = easy;
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
        private int place;
        private @Nullable VisitedPlaces visited;

        Attempt(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.from = from;
            this.to = to;
        }

        Outcome at(int start) {
            if (!program.mayGoOn(0, bytes, start, to)) {
                return Outcome.NO;
            }
            Arrays.fill(slots, -1);
            depth = 0;
            push(0, start);
            while (depth > 0) {
                int value = stack[--depth];
                int pc = stack[--depth];
                if (pc < 0) {
                    slots[-1 - pc] = value;
                    continue;
                }
                place = value;
                while (pc >= 0) {
                    if (++steps > stepLimit) {
                        return Outcome.OVER_LIMIT;
                    }
                    if (program.op(pc) == BackReferenceProgram.MATCH) {
                        return Outcome.YES;
                    }
                    pc = next(pc);
                }
            }
            return Outcome.NO;
        }

        /** Follows one instruction; the one to go on with, or -1 for none. */
        private int next(int pc) {
            boolean goesOn = true;
            switch (program.op(pc)) {
                case BackReferenceProgram.BYTES -> {
                    goesOn = takesByte(pc, place);
                    place++;
                }
                case BackReferenceProgram.CHARS -> {
                    goesOn = takesCharacter(pc, place);
                    place += goesOn ? width(place) : 0;
                }
                case BackReferenceProgram.BACK_REFERENCE -> {
                    place = sameAgain(program.arg(pc));
                    goesOn = place >= 0;
                }
                case BackReferenceProgram.JUMP -> {
                    return program.arg(pc);
                }
                case BackReferenceProgram.SAVE -> save(program.arg(pc), place);
                case BackReferenceProgram.PROGRESS -> {
                    goesOn = slots[program.arg(pc)] != place; // a round that consumed nothing would go on for ever
                    save(program.arg(pc), -1);
                }
                case BackReferenceProgram.ANCHOR -> goesOn = program.edge(pc).holds(context(place - 1), context(place));
                default -> {
                    return seen(pc) ? -1 : several(pc);
                }
            }
            return goesOn ? pc + 1 : -1;
        }

        /** One of several ways on; the others are for later. */
        private int several(int pc) {
            if (program.op(pc) != BackReferenceProgram.SPLIT) {
                return run(pc);
            }
            int other = program.arg(pc);
            boolean otherMay = program.mayGoOn(other, bytes, place, to);
            if (!program.mayGoOn(pc + 1, bytes, place, to)) {
                return otherMay ? other : -1;
            }
            if (otherMay) {
                push(other, place);
            }
            return pc + 1;
        }

        /** Goes to the first place of the run from which the line can go on, and later further. */
        private int run(int pc) {
            int start = place;
            int at = start;
            boolean may = program.mayGoOn(pc + 1, bytes, at, to);
            int after = behind(pc, at);
            while (!may && after >= 0) {
                at = after;
                may = program.mayGoOn(pc + 1, bytes, at, to);
                after = behind(pc, at);
            }
            steps += (at - start) / BYTES_A_STEP;
            if (!may) {
                return -1;
            }
            if (after >= 0) {
                push(pc, after);
            }
            place = at;
            return pc + 1;
        }

        /** The place behind the byte or character here that belongs to a run, or -1. */
        private int behind(int pc, int at) {
            if (program.op(pc) == BackReferenceProgram.RUN_OF_BYTES) {
                return takesByte(pc, at) ? at + 1 : -1;
            }
            return takesCharacter(pc, at) ? at + width(at) : -1;
        }

        private boolean takesByte(int pc, int at) {
            return at < to && program.takes(pc)[bytes[at] & 0xff];
        }

        private boolean takesCharacter(int pc, int at) {
            return at < to && program.charSet(pc).has(Utf8Decoder.decode(bytes, at, to));
        }

        /** Whether all has been tried from here. Not asked before the line has proved to be a hard one. */
        private boolean seen(int pc) {
            int[] read = program.slotsRead();
            if (steps < easy || read.length > MOST_SLOTS) {
                return false;
            }
            if (visited == null) {
                visited = new VisitedPlaces(2 + read.length);
            }
            steps += LOOKING_UP;
            int[] entry = visited.entries();
            int at = visited.next();
            entry[at++] = pc;
            entry[at++] = place;
            for (int slot : read) {
                entry[at++] = program.isLoop(slot)
                        ? slots[slot] == place ? 1 : 0 // all that PROGRESS will ever ask
                        : program.isReadLater(slot, pc) ? slots[slot] : -1;
            }
            return visited.addOrFind();
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
        private int sameAgain(int group) {
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
            int same = 0;
            while (same < end - begin && fold(bytes[begin + same]) == fold(bytes[place + same])) {
                same++;
            }
            steps += same / BYTES_A_STEP;
            return same == end - begin ? place + same : -1;
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
