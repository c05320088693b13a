package org.loghost.check;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that one run reads, the oldest first. A rotated one that cannot be opened is skipped and told of, so that it
 * does not keep anybody from the log. One thread; closing closes all.
 */
final class LogStreams implements Closeable {
    private final List<LogStream> streams = new ArrayList<>();
    private final Map<Path, String> skipped = new LinkedHashMap<>();

    /** Adds a file from its beginning. */
    void add(Path file) throws IOException {
        streams.add(LogStream.open(file));
    }

    /** Adds a file from the place on; false if it is another file. */
    boolean addFrom(Path file, Place place) throws IOException {
        LogStream stream = LogStream.open(file, place);
        return stream != null && streams.add(stream);
    }

    /** As {@link #add}. */
    void addRotated(Path file) {
        try {
            add(file);
            skipped.remove(file);
        } catch (IOException e) {
            skip(file, e);
        }
    }

    /** As {@link #addFrom}; what cannot be opened is another file. */
    boolean addRotatedFrom(Path file, Place place) {
        try {
            return addFrom(file, place);
        } catch (IOException e) {
            skip(file, e);
            return false;
        }
    }

    private void skip(Path file, IOException failure) {
        skipped.put(file, failure.getMessage() + "; its lines were not looked at");
    }

    List<LogStream> all() {
        return streams;
    }

    /** What was skipped, and why. */
    Collection<String> skipped() {
        return skipped.values();
    }

    @Override
    public void close() throws IOException {
        for (LogStream stream : streams) {
            stream.close();
        }
    }
}
