package org.loghost.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.loghost.file.IoReason;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * The text of a configuration file, and what the TOML parser makes of it. A running server reads it, so neither may cost
 * more than a small part of its memory, whatever the file holds: the parser takes some kilobytes for every fault it
 * meets, and some hundred bytes for every value.
 */
final class ConfigText {
    /** Bytes; some thousand hosts with names of their own. */
    static final int LARGEST_FILE = 256 * 1024;

    /** So much is looked through for faults before more is read. */
    private static final int PART = 8 * 1024;

    private final Path file;

    /**
     * What was read.
     *
     * @param toml the tables; when there are very many faults, of the lines before them
     * @param faults of the syntax
     */
    record Parsed(TomlParseResult toml, List<Fault> faults) {}

    private ConfigText(Path file) {
        this.file = file;
    }

    /**
     * Reads and parses a file.
     *
     * @throws ConfigException when it cannot be read, is no regular file, or is too large
     */
    static Parsed parse(Path file) throws ConfigException {
        ConfigText text = new ConfigText(file);
        return text.parse(text.read());
    }

    private String read() throws ConfigException {
        try {
            if (Files.isDirectory(file)) {
                throw fault("is a folder (expected: a file)");
            }
            // Not opened before this is known: a pipe would be waited for.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw fault("is not a regular file (expected: a text file)");
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(file)) {
                bytes = in.readNBytes(LARGEST_FILE + 1);
            }
            if (bytes.length > LARGEST_FILE) {
                throw fault(Files.size(file) + " bytes (expected: at most " + LARGEST_FILE + ")");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            throw fault("is not text (expected: UTF-8)");
        } catch (IOException unreadable) {
            boolean dangling = Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.notExists(file);
            throw fault(dangling ? "is a symbolic link to a file that is not there" : IoReason.of(unreadable));
        }
    }

    private Parsed parse(String whole) throws ConfigException {
        TomlStatements statements = TomlStatements.of(whole);
        String tooMuch = statements.tooMuch();
        List<Fault> faults = new ArrayList<>();
        if (tooMuch != null) {
            faults.add(new Fault(file, 0, 0, tooMuch));
        }
        int noSyntax = faults.size();
        String text = whole.substring(0, statements.end());
        for (TomlStatements.Part part : statements.parts(PART)) {
            if (text.length() <= PART) {
                break; // looked through as a whole
            }
            List<TomlParseError> errors =
                    toml(text.substring(part.start(), part.end())).errors();
            errors.forEach(error -> faults.add(fault(error, part.line() - 1)));
            if (faults.size() > ConfigException.MOST_FAULTS) {
                return new Parsed(toml(before(text, faults.get(noSyntax).line())), faults);
            }
        }
        faults.subList(noSyntax, faults.size()).clear();
        TomlParseResult toml = toml(text);
        toml.errors().forEach(error -> faults.add(fault(error, 0)));
        return new Parsed(toml, faults);
    }

    private static String before(String text, int line) {
        int end = 0;
        for (int i = 1; i < line; i++) {
            end = text.indexOf('\n', end) + 1;
        }
        return text.substring(0, end);
    }

    private TomlParseResult toml(String text) throws ConfigException {
        try {
            return Toml.parse(text);
        } catch (StackOverflowError | RuntimeException tooDeep) {
            throw fault("cannot be taken apart (expected: values that are not nested)");
        }
    }

    private Fault fault(TomlParseError error, int linesBefore) {
        return new Fault(
                file,
                error.position().line() + linesBefore,
                error.position().column(),
                Spelling.escaped(String.valueOf(error.getMessage())));
    }

    private ConfigException fault(String text) {
        return new ConfigException(List.of(new Fault(file, 0, 0, text)));
    }
}
