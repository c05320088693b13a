package org.loghost.config;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/**
 * One table of the file, read key by key. A key that is absent or faulty yields its default, so that reading goes on
 * and finds the other faults; keys nobody asked for are faults at {@link #finish}.
 */
final class Section {
    /** What stands before the {@code @} of a URL, when it may hold a password. */
    private static final Pattern PASSWORD = Pattern.compile("(?s)(?<=://)[^/]*:.*@|^[^/@]*:.*@");

    private final Path file;
    private final String name;
    private final TomlTable table;
    private final @Nullable TomlPosition position;
    private final List<Fault> faults;
    private final Set<String> asked = new LinkedHashSet<>();

    private Section(Path file, String name, TomlTable table, @Nullable TomlPosition position, List<Fault> faults) {
        this.file = file;
        this.name = name;
        this.table = table;
        this.position = position;
        this.faults = faults;
    }

    static Section root(Path file, TomlTable table, List<Fault> faults) {
        return new Section(file, "", table, null, faults);
    }

    boolean has(String key) {
        asked.add(key);
        return table.get(List.of(key)) != null;
    }

    boolean isList(String key) {
        return raw(key) instanceof TomlArray;
    }

    /** Reads text; the reader throws {@link IllegalArgumentException} or {@link DateTimeException} when it cannot. */
    <T> @Nullable T value(String key, String expected, Function<String, T> reader) {
        Object value = raw(key);
        return value == null ? null : read(key, value, positionOf(key), expected, reader);
    }

    <T> T value(String key, T otherwise, String expected, Function<String, T> reader) {
        T value = value(key, expected, reader);
        return value == null ? otherwise : value;
    }

    boolean flag(String key, boolean otherwise) {
        Object value = raw(key);
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value != null) {
            unexpected(key, value, "true or false");
        }
        return otherwise;
    }

    int number(String key, int otherwise, int least, int most) {
        Object value = raw(key);
        if (value instanceof Long number && number >= least && number <= most) {
            return number.intValue();
        }
        if (value != null) {
            unexpected(key, value, "a whole number from " + least + " to " + most);
        }
        return otherwise;
    }

    Duration duration(String key, Duration otherwise, Duration least, Duration most) {
        Duration duration = value(key, otherwise, Units.DURATION, Units::duration);
        if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
            return duration;
        }
        unexpected(key, raw(key), "from " + Units.text(least) + " to " + Units.text(most));
        return otherwise;
    }

    long size(String key, long otherwise, long least, long most) {
        long size = value(key, otherwise, Units.SIZE, Units::bytes);
        if (size >= least && size <= most) {
            return size;
        }
        unexpected(key, raw(key), "from " + Units.text(least) + " to " + Units.text(most));
        return otherwise;
    }

    /** One of an enum's constants, written in lower case. */
    <E extends Enum<E>> @Nullable E choice(String key, E[] constants) {
        List<String> names = new ArrayList<>();
        for (E constant : constants) {
            names.add('"' + constant.name().toLowerCase(Locale.ROOT) + '"');
        }
        String expected = String.join(" or ", names);
        return value(key, expected, text -> {
            int index = names.indexOf('"' + text + '"');
            if (index < 0) {
                throw new Expected(expected);
            }
            return constants[index];
        });
    }

    <E extends Enum<E>> E choice(String key, E otherwise, E[] constants) {
        E chosen = choice(key, constants);
        return chosen == null ? otherwise : chosen;
    }

    <T> List<T> list(String key, List<T> otherwise, String expected, Function<String, T> reader) {
        Object value = raw(key);
        if (value instanceof TomlArray array) {
            List<T> list = new ArrayList<>();
            for (int i = 0; i < array.size(); i++) {
                T element = read(key, array.get(i), array.inputPositionOf(i), expected, reader);
                if (element != null) {
                    list.add(element);
                }
            }
            return List.copyOf(list);
        }
        if (value != null) {
            unexpected(key, value, "a list, such as [\"a\", \"b\"], of " + expected);
        }
        return otherwise;
    }

    /** A list that, when it is there, holds something. */
    <T> List<T> filledList(String key, List<T> otherwise, String expected, Function<String, T> reader) {
        if (raw(key) instanceof TomlArray array && array.isEmpty()) {
            fault(key, qualified(key) + ": an empty list (expected: at least one: " + expected + ")");
            return otherwise;
        }
        return list(key, otherwise, expected, reader);
    }

    /** A table whose keys are names of the operator's: address to host name, alias to name. */
    Map<String, String> names(
            String key, String keyExpected, Function<String, String> keyReader, Function<String, String> reader) {
        Section section = table(key);
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : section.table.keySet()) {
            Object value = section.raw(name);
            String left = section.read("the key", name, section.positionOf(name), keyExpected, keyReader);
            if (value instanceof TomlTable) {
                section.fault(name, "dots divide a key (expected: quotes around it, as in \"" + name + ".…\" = …)");
            } else if (value != null) {
                String right = section.read(name, value, section.positionOf(name), Addresses.HOST, reader);
                if (left != null && right != null) {
                    names.put(left, right);
                }
            }
        }
        return Map.copyOf(names);
    }

    Section table(String key) {
        Object value = raw(key);
        if (value instanceof TomlTable inner) {
            return new Section(file, qualified(key), inner, positionOf(key), faults);
        }
        if (value != null) {
            unexpected(key, value, "a table: [" + qualified(key) + "]");
        }
        return new Section(file, qualified(key), Toml.parse(""), position, faults);
    }

    List<Section> tables(String key) {
        Object value = raw(key);
        List<Section> tables = new ArrayList<>();
        if (value instanceof TomlArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof TomlTable inner) {
                    tables.add(new Section(file, qualified(key), inner, array.inputPositionOf(i), faults));
                }
            }
        }
        if (value != null && tables.isEmpty()) {
            unexpected(key, value, "tables: [[" + qualified(key) + "]]");
        }
        return tables;
    }

    /** Adds a fault at the key, or at the section when the key is absent. */
    void fault(String key, String text) {
        TomlPosition at = table.get(List.of(key)) == null ? position : positionOf(key);
        faults.add(at == null ? new Fault(file, 0, 0, text) : new Fault(file, at.line(), at.column(), text));
    }

    void unexpected(String key, @Nullable Object value, String expected) {
        fault(key, qualified(key) + ": " + shown(value) + " (expected: " + expected + ")");
    }

    /** Every key that nobody asked for is a fault. */
    void finish() {
        for (String key : table.keySet()) {
            if (!asked.contains(key)) {
                String near = Spelling.nearest(key, asked);
                String where = name.isEmpty() ? "" : " in [" + name + "]";
                fault(
                        key,
                        "unknown key " + shown(key) + where + " (expected: "
                                + (near == null ? "one of " + String.join(", ", asked) : near)
                                + ")");
            }
        }
    }

    private <T> @Nullable T read(
            String key, Object value, TomlPosition at, String expected, Function<String, T> reader) {
        String reason = expected;
        if (value instanceof String text) {
            try {
                return reader.apply(text);
            } catch (Expected unreadable) {
                reason = String.valueOf(unreadable.getMessage());
            } catch (IllegalArgumentException | DateTimeException unreadable) {
                // The fault below says it.
            }
        }
        faults.add(new Fault(
                file, at.line(), at.column(), qualified(key) + ": " + shown(value) + " (expected: " + reason + ")"));
        return null;
    }

    @Nullable
    Object raw(String key) {
        asked.add(key);
        return table.get(List.of(key));
    }

    private TomlPosition positionOf(String key) {
        TomlPosition at = table.inputPositionOf(List.of(key));
        return at == null ? TomlPosition.positionAt(1, 1) : at;
    }

    private String qualified(String key) {
        return name.isEmpty() ? key : name + "." + key;
    }

    private static String shown(@Nullable Object value) {
        if (value instanceof TomlTable) {
            return "a table";
        }
        if (value instanceof TomlArray) {
            return "a list";
        }
        return value instanceof String text
                ? '"' + Spelling.escaped(PASSWORD.matcher(text).replaceFirst("…@")) + '"'
                : String.valueOf(value);
    }
}
