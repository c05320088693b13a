package org.loghost.pattern;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Lines that a pattern matches and in which a word stands where the pattern leaves room for one: in each repeated set of
 * bytes that holds all letters of the word and may be long enough. What else the pattern leaves open is drawn at random,
 * or is as short as it can be.
 */
public final class RoomLines {
    /**
     * One such line.
     *
     * @param line one byte per char
     * @param at where the word begins
     * @param word the word
     * @param place the number of the place within the pattern
     */
    public record Room(String line, int at, String word, int place) {
        /** The line with the word marked. */
        public String marked() {
            return line.substring(0, at) + "«" + word + "»" + line.substring(at + word.length());
        }
    }

    private static final String PLAIN = "x7X._-/: ";

    private final Ast pattern;
    private final Random random;
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;

    private RoomLines(Ast pattern, Random random) {
        this.pattern = pattern;
        this.random = random;
    }

    /** For each place with room and each word that fits there: a shortest line and some random ones. */
    public static List<Room> of(String pattern, List<String> words, int randomOnes, Random random)
            throws PatternException {
        Ast ast = Member.parse(pattern.getBytes(StandardCharsets.ISO_8859_1), false, false, 0, 0)
                .ast();
        return new RoomLines(ast, random).rooms(words, randomOnes);
    }

    private List<Room> rooms(List<String> words, int randomOnes) {
        List<Ast.Repeat> places = new ArrayList<>();
        collect(pattern, places);
        Map<String, Room> rooms = new LinkedHashMap<>();
        for (int number = 0; number < places.size(); number++) {
            Ast.Repeat place = places.get(number);
            for (String word : words) {
                for (int round = 0; fits(place, word) && round <= randomOnes; round++) {
                    line = new ByteArrayOutputStream();
                    write(pattern, place, word, round > 0);
                    Room room = new Room(line.toString(StandardCharsets.ISO_8859_1), at, word, number);
                    rooms.put(room.marked(), room);
                }
            }
        }
        return List.copyOf(rooms.values());
    }

    private static boolean fits(Ast.Repeat place, String word) {
        ByteSet set = ((Ast.Bytes) place.body()).set();
        return word.chars().allMatch(set::has);
    }

    private static void collect(Ast ast, List<Ast.Repeat> places) {
        if (ast instanceof Ast.Repeat repeat) {
            if (repeat.body() instanceof Ast.Bytes) {
                if (repeat.max() == Ast.Repeat.UNBOUNDED || repeat.max() >= 4) {
                    places.add(repeat);
                }
            } else {
                collect(repeat.body(), places);
            }
        } else {
            parts(ast).forEach(part -> collect(part, places));
        }
    }

    private static List<Ast> parts(Ast ast) {
        if (ast instanceof Ast.Sequence sequence) {
            return sequence.items();
        }
        if (ast instanceof Ast.Choice choice) {
            return choice.items();
        }
        if (ast instanceof Ast.Group group) {
            return List.of(group.body());
        }
        return ast instanceof Ast.Repeat repeat ? List.of(repeat.body()) : List.of();
    }

    /** By identity: equal parts stand in several places. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean holds(Ast ast, Ast place) {
        return ast == place || parts(ast).stream().anyMatch(part -> holds(part, place));
    }

    @SuppressWarnings("ReferenceEquality")
    private void write(Ast ast, Ast place, String word, boolean atRandom) {
        if (ast == place) {
            at = line.size();
            line.writeBytes(word.getBytes(StandardCharsets.ISO_8859_1));
        } else if (ast instanceof Ast.Bytes bytes) {
            line.write(plain(bytes.set(), atRandom));
        } else if (ast instanceof Ast.Choice choice) {
            List<Ast> items = choice.items();
            Ast chosen = items.get(atRandom ? random.nextInt(items.size()) : 0);
            for (Ast item : items) {
                chosen = holds(item, place) ? item : chosen;
            }
            write(chosen, place, word, atRandom);
        } else if (ast instanceof Ast.Repeat repeat) {
            int times = repeat.min();
            if (atRandom && times != repeat.max()) {
                times += random.nextInt(2);
            }
            boolean holds = holds(repeat.body(), place);
            for (int i = 0; i < Math.max(times, holds ? 1 : 0); i++) {
                write(repeat.body(), i == 0 ? place : Ast.EMPTY, word, atRandom);
            }
        } else {
            parts(ast).forEach(part -> write(part, place, word, atRandom));
        }
    }

    private int plain(ByteSet set, boolean atRandom) {
        int from = atRandom ? random.nextInt(PLAIN.length()) : 0;
        for (int i = 0; i < PLAIN.length(); i++) {
            char c = PLAIN.charAt((from + i) % PLAIN.length());
            if (set.has(c)) {
                return c;
            }
        }
        return set.first();
    }
}
