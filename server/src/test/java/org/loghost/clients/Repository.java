package org.loghost.clients;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the repository's files are while its tests run: in the module's folder or at the top. */
final class Repository {
    private Repository() {}

    /** A file or folder by its path from the top of the repository. */
    static Path path(String fromTop) {
        Path here = Path.of("").toAbsolutePath();
        Path top = Files.isDirectory(here.resolve("client-setup")) ? here : here.getParent();
        return top.resolve(fromTop);
    }
}
