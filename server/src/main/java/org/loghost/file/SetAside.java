package org.loghost.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Moves a state file that cannot be used out of the way, for somebody to look at: {@code NAME.damaged}, and up to eight
 * more with a number behind it; after that the last one is replaced. Any thread, one file at a time.
 */
public final class SetAside {
    private static final int MOST = 9;

    private SetAside() {}

    /**
     * Moves whatever bears this name: a file, a link, a folder.
     *
     * @return where it is now
     * @throws IOException when it cannot be moved
     */
    public static Path move(Path file) throws IOException {
        Path place = place(file);
        Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
        return place;
    }

    /** A free name beside a file, or the last that may be replaced. */
    public static Path place(Path file) {
        Path place = file.resolveSibling(file.getFileName() + ".damaged");
        for (int i = 2; i <= MOST && Files.exists(place, LinkOption.NOFOLLOW_LINKS); i++) {
            place = file.resolveSibling(file.getFileName() + ".damaged-" + i);
        }
        return place;
    }
}
