package org.loghost.pattern;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.loghost.pattern.Ast.Edge;

/**
 * A pattern as instructions for {@link BackReferenceMatcher}, with what can be known of each before a line is there.
 * Immutable once constructed.
 */
final class BackReferenceProgram {
    static final byte BYTES = 0;
    static final byte CHARS = 1;
    static final byte ANCHOR = 2;
    static final byte BACK_REFERENCE = 3;
    /** Goes on, and later elsewhere. */
    static final byte SPLIT = 4;

    static final byte JUMP = 5;
    /** Notes the place in a slot. */
    static final byte SAVE = 6;
    /** Goes on if the place is another than the slot's, and clears the slot. */
    static final byte PROGRESS = 7;
    /** Goes on here, and behind each further byte as long as they are of the set. */
    static final byte RUN_OF_BYTES = 8;
    /** The same with characters. */
    static final byte RUN_OF_CHARS = 9;

    static final byte MATCH = 10;

    private static final int LAST_GROUP = 9;
    /** The slot of its end. */
    private static final int LAST_GROUP_END = 2 * LAST_GROUP + 1;
    /** How many bytes ahead are looked at before an alternative is taken. */
    private static final int AHEAD = 4;

    private static final List<Edge> EDGES = List.of(Edge.values());
    private static final boolean[][] ANYTHING = {};

    private byte[] ops = new byte[64];
    private int[] args = new int[64];
    private int size;
    private final List<boolean[]> takes = new ArrayList<>();
    private final Map<ByteSet, Integer> setNumbers = new HashMap<>();
    private final List<CharSet> charSets = new ArrayList<>();
    /** Group n has slots 2n and 2n + 1; loops have the slots behind those. */
    private int slots = LAST_GROUP_END + 1;

    private final boolean[][][] ahead;
    /** By instruction; bit n: what group n holds there can still be asked for. */
    private final int[] readLater;

    private final int[] slotsRead;

    BackReferenceProgram(Ast pattern) {
        compile(pattern);
        emit(MATCH, 0);
        ops = Arrays.copyOf(ops, size);
        args = Arrays.copyOf(args, size);
        ahead = new boolean[size][][];
        for (int pc = 0; pc < size; pc++) {
            ahead[pc] = ahead(pc);
        }
        readLater = readLater();
        slotsRead = thoseRead();
    }

    byte op(int pc) {
        return ops[pc];
    }

    int arg(int pc) {
        return args[pc];
    }

    /** By byte: whether an instruction about bytes takes it. */
    boolean[] takes(int pc) {
        return takes.get(args[pc]);
    }

    CharSet charSet(int pc) {
        return charSets.get(args[pc]);
    }

    Edge edge(int pc) {
        return EDGES.get(args[pc]);
    }

    int slots() {
        return slots;
    }

    /** Whether the line can match from this instruction on, as far as its next bytes tell. */
    boolean mayGoOn(int pc, byte[] bytes, int place, int to) {
        boolean[][] wanted = ahead[pc];
        if (to - place < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!wanted[i][bytes[place + i] & 0xff]) {
                return false;
            }
        }
        return true;
    }

    /** The slots that any instruction asks for. */
    int[] slotsRead() {
        return slotsRead;
    }

    /** Whether a loop keeps in this slot where its round began. */
    boolean isLoop(int slot) {
        return slot > LAST_GROUP_END;
    }

    /** Whether what the slot of a group holds at this instruction can still be asked for. */
    boolean isReadLater(int slot, int pc) {
        return (readLater[pc] >>> (slot / 2) & 1) != 0;
    }

    private void compile(Ast ast) {
        if (ast instanceof Ast.Bytes bytes) {
            emit(BYTES, number(bytes.set()));
        } else if (ast instanceof Ast.Chars chars) {
            charSets.add(chars.set());
            emit(CHARS, charSets.size() - 1);
        } else if (ast instanceof Ast.Anchor anchor) {
            emit(ANCHOR, EDGES.indexOf(anchor.edge()));
        } else if (ast instanceof Ast.BackReference reference) {
            emit(BACK_REFERENCE, reference.number());
        } else if (ast instanceof Ast.Sequence sequence) {
            sequence.items().forEach(this::compile);
        } else if (ast instanceof Ast.Choice choice) {
            choice(choice.items());
        } else if (ast instanceof Ast.Repeat repeat) {
            repeat(repeat);
        } else if (ast instanceof Ast.Group group) {
            group(group);
        }
    }

    private void choice(List<Ast> items) {
        List<Integer> exits = new ArrayList<>();
        for (Ast item : items.subList(0, items.size() - 1)) {
            int split = emit(SPLIT, 0);
            compile(item);
            exits.add(emit(JUMP, 0));
            args[split] = size;
        }
        compile(items.get(items.size() - 1));
        exits.forEach(exit -> args[exit] = size);
    }

    private void repeat(Ast.Repeat repeat) {
        for (int i = 0; i < repeat.min(); i++) {
            compile(repeat.body());
        }
        if (repeat.max() == Ast.Repeat.UNBOUNDED) {
            loop(repeat.body());
            return;
        }
        List<Integer> splits = new ArrayList<>();
        for (int i = repeat.min(); i < repeat.max(); i++) {
            splits.add(emit(SPLIT, 0));
            compile(repeat.body());
        }
        splits.forEach(split -> args[split] = size);
    }

    private void loop(Ast body) {
        if (body instanceof Ast.Bytes bytes) {
            emit(RUN_OF_BYTES, number(bytes.set()));
            return;
        }
        if (body instanceof Ast.Chars chars) {
            charSets.add(chars.set());
            emit(RUN_OF_CHARS, charSets.size() - 1);
            return;
        }
        boolean mayStandStill = mayBeEmpty(body);
        int slot = mayStandStill ? slots++ : 0;
        int split = emit(SPLIT, 0);
        if (mayStandStill) {
            emit(SAVE, slot);
        }
        compile(body);
        if (mayStandStill) {
            emit(PROGRESS, slot);
        }
        emit(JUMP, split);
        args[split] = size;
    }

    private static boolean mayBeEmpty(Ast ast) {
        if (ast instanceof Ast.Sequence sequence) {
            return sequence.items().stream().allMatch(BackReferenceProgram::mayBeEmpty);
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items().stream().anyMatch(BackReferenceProgram::mayBeEmpty);
        }
        if (ast instanceof Ast.Repeat repeat) {
            return repeat.min() == 0 || mayBeEmpty(repeat.body());
        }
        return ast instanceof Ast.Group group
                ? mayBeEmpty(group.body())
                : ast instanceof Ast.Anchor || ast instanceof Ast.BackReference;
    }

    private void group(Ast.Group group) {
        boolean named = group.number() <= LAST_GROUP;
        if (named) {
            emit(SAVE, 2 * group.number());
        }
        compile(group.body());
        if (named) {
            emit(SAVE, 2 * group.number() + 1);
        }
    }

    private int number(ByteSet set) {
        return setNumbers.computeIfAbsent(set, unseen -> {
            boolean[] table = new boolean[256];
            for (int value = 0; value < table.length; value++) {
                table[value] = unseen.has(value);
            }
            takes.add(table);
            return takes.size() - 1;
        });
    }

    private int emit(byte op, int arg) {
        if (size == ops.length) {
            ops = Arrays.copyOf(ops, size * 2);
            args = Arrays.copyOf(args, size * 2);
        }
        ops[size] = op;
        args[size] = arg;
        return size++;
    }

    /** What each way on from here takes first. */
    private boolean[][] ahead(int from) {
        boolean[][] found = new boolean[AHEAD][];
        int count = 0;
        int pc = from;
        while (count < AHEAD) {
            switch (ops[pc]) {
                case BYTES -> {
                    found[count++] = takes(pc);
                    pc++;
                }
                case SAVE, PROGRESS, ANCHOR -> pc++;
                case JUMP -> pc = args[pc];
                default -> {
                    return count == 0 ? ANYTHING : Arrays.copyOf(found, count);
                }
            }
        }
        return found;
    }

    private int[] thoseRead() {
        int groups = 0;
        for (int mask : readLater) {
            groups |= mask;
        }
        int[] read = new int[slots];
        int count = 0;
        for (int slot = 0; slot < slots; slot++) {
            if (slot > LAST_GROUP_END || (groups >>> (slot / 2) & 1) != 0) {
                read[count++] = slot;
            }
        }
        return Arrays.copyOf(read, count);
    }

    private int[] readLater() {
        int[] masks = new int[size];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int pc = size - 2; pc >= 0; pc--) {
                int mask = readLater(pc, masks);
                changed |= mask != masks[pc];
                masks[pc] = mask;
            }
        }
        return masks;
    }

    private int readLater(int pc, int[] masks) {
        int next = masks[pc + 1];
        int arg = args[pc];
        return switch (ops[pc]) {
            case JUMP -> masks[arg];
            case SPLIT -> next | masks[arg];
            case BACK_REFERENCE -> next | 1 << arg;
            // No group is asked for inside itself: where it begins, what it held before is over.
            case SAVE -> arg % 2 == 0 && arg < LAST_GROUP_END ? next & ~(1 << (arg / 2)) : next;
            default -> next;
        };
    }
}
