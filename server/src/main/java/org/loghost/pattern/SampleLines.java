package org.loghost.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines made of a pattern's own text, without a search: each alternative and each optional part stands in one of them,
 * and where many bytes may stand, the same plain one does. Most match the pattern; conditions between bytes are not
 * looked at. One use, one thread.
 */
final class SampleLines {
    /** Sets up to this size are alternatives, such as {@code [Ss]}; larger ones are places to fill. */
    private static final int ALTERNATIVES = 3;

    /** What tells least; 7 and not 0, which is the worst severity, root's number and success. */
    private static final String PLAIN = "x7X._-/: ";

    /** A letter that no bracket has by chance. */
    private static final int ODD_CHARACTER = 0x4e2d;

    private static final int LAST_GROUP = 9;

    private final Ast pattern;
    private final byte[][] groups = new byte[LAST_GROUP + 1][];
    private int round;
    private boolean odd;

    SampleLines(Ast pattern) {
        this.pattern = pattern;
    }

    /** Lines that read well, at most so many and at least two, unless these are equal. */
    List<byte[]> plain(int most) {
        int rounds = Math.max(2, Math.min(most, alternatives(pattern)));
        List<byte[]> lines = new ArrayList<>();
        for (round = 0; round < rounds; round++) {
            byte[] line = line();
            if (lines.stream().noneMatch(one -> Arrays.equals(one, line))) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** A line that a similar pattern with narrower sets does not match: it has the last byte of each. */
    byte[] odd() {
        odd = true;
        round = 1;
        return line();
    }

    private static int alternatives(Ast ast) {
        if (ast instanceof Ast.Choice choice) {
            return Math.max(choice.items().size(), most(choice.items()));
        }
        if (ast instanceof Ast.Sequence sequence) {
            return most(sequence.items());
        }
        if (ast instanceof Ast.Group group) {
            return alternatives(group.body());
        }
        return ast instanceof Ast.Repeat repeat ? alternatives(repeat.body()) : 1;
    }

    private static int most(List<Ast> items) {
        return items.stream().mapToInt(SampleLines::alternatives).max().orElse(1);
    }

    private byte[] line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        Arrays.fill(groups, new byte[0]);
        write(pattern, line);
        return line.toByteArray();
    }

    private void write(Ast ast, ByteArrayOutputStream line) {
        if (ast instanceof Ast.Bytes bytes) {
            write(bytes.set(), line);
        } else if (ast instanceof Ast.Chars chars) {
            write(chars.set(), line);
        } else if (ast instanceof Ast.Sequence sequence) {
            sequence.items().forEach(item -> write(item, line));
        } else if (ast instanceof Ast.Choice choice) {
            write(choice.items().get(round % choice.items().size()), line);
        } else if (ast instanceof Ast.Group group) {
            int from = line.size();
            write(group.body(), line);
            if (group.number() <= LAST_GROUP) {
                groups[group.number()] = Arrays.copyOfRange(line.toByteArray(), from, line.size());
            }
        } else if (ast instanceof Ast.Repeat repeat) {
            int more = repeat.max() == repeat.min() ? 0 : round % 2;
            for (int i = 0; i < repeat.min() + more; i++) {
                write(repeat.body(), line);
            }
        } else if (ast instanceof Ast.BackReference reference) {
            line.writeBytes(groups[reference.number()]);
        }
    }

    private void write(ByteSet set, ByteArrayOutputStream line) {
        if (!set.isEmpty()) {
            line.write(odd ? last(set) : plain(set));
        }
    }

    /** A character beyond ASCII where the set has no other, or an odd one is wanted. */
    private void write(CharSet set, ByteArrayOutputStream line) {
        ByteSet ascii = set.ascii();
        boolean foreign = odd && set.has(ODD_CHARACTER);
        if (!foreign && !ascii.isEmpty()) {
            write(ascii, line);
            return;
        }
        int value = foreign ? ODD_CHARACTER : 0x80;
        while (!set.has(value) && value < CharSet.INVALID) {
            value++;
        }
        if (value < CharSet.INVALID) {
            line.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int last(ByteSet set) {
        int value = 255;
        while (!set.has(value) || (value == '\n' && set.size() > 1)) {
            value--;
        }
        return value;
    }

    private int plain(ByteSet set) {
        if (set.size() > ALTERNATIVES) {
            for (int i = 0; i < PLAIN.length(); i++) {
                if (set.has(PLAIN.charAt(i))) {
                    return PLAIN.charAt(i);
                }
            }
        }
        int value = set.first();
        for (int i = round % set.size(); i > 0 && set.size() <= ALTERNATIVES; i--) {
            do {
                value++;
            } while (!set.has(value));
        }
        return value;
    }
}
