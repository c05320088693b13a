package org.loghost.mail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Lines that an earlier run has written into a small file of the outbox. Damage is no reason not to start: sound lines
 * count, and the file is set aside for whoever wants to look at it.
 */
final class StateLines {
    private static final int LARGEST = 1 << 20;

    private StateLines() {}

    /**
     * The sound lines; none when there is no file.
     *
     * @param line what a sound line is
     * @param aside the name that a damaged file gets; the one before it is overwritten
     * @param damaged hears of damage: what, where, and where the file is now
     */
    static List<String> read(Path file, Pattern line, String aside, Consumer<String> damaged) {
        List<String> sound = new ArrayList<>();
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            String damage = readInto(sound, file, line);
            if (!damage.isEmpty()) {
                damaged.accept(file + ": damaged, " + damage + "; " + setAside(file, file.resolveSibling(aside)));
            }
        }
        return sound;
    }

    /** Returns what is wrong, empty for nothing. */
    private static String readInto(List<String> sound, Path file, Pattern line) {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return "it is no regular file";
            }
            if (Files.size(file) > LARGEST) {
                return "it is larger than " + LARGEST + " bytes";
            }
            return soundLines(sound, Files.readAllBytes(file), line);
        } catch (IOException e) {
            return "it cannot be read (" + e + ")";
        }
    }

    private static String soundLines(List<String> sound, byte[] bytes, Pattern line) {
        int bad = 0;
        int start = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i == bytes.length || bytes[i] == '\n') {
                if (i > start) {
                    String text = decoded(bytes, start, i - start);
                    if (line.matcher(text).matches()) {
                        sound.add(text);
                    } else {
                        bad++;
                    }
                }
                start = i + 1;
            }
        }
        return bad == 0 ? "" : bad + (bad == 1 ? " line" : " lines") + " unreadable";
    }

    /** Empty, and so no sound line, when it is not UTF-8. */
    private static String decoded(byte[] bytes, int start, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, length))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            return "";
        }
    }

    private static String setAside(Path file, Path aside) {
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return "it is set aside as " + aside;
        } catch (IOException e) {
            return "it could not be set aside (" + e + ")";
        }
    }
}
