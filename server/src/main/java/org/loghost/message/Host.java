package org.loghost.message;

import java.nio.charset.StandardCharsets;

/**
 * A host under the name that its archive folder and its canonical lines carry.
 *
 * <p>The name is lower-cased and holds only {@code [a-z0-9._-]}; it is never empty, never starts with a dot and is at
 * most 200 bytes long, so that it is safe as a file name. There is exactly one instance per name: compare with
 * {@code ==}. Immutable; any thread.
 */
public final class Host {
    private final int id;
    private final String name;
    private final byte[] bytes;

    /**
     * For the directory of hosts alone, which keeps instances unique.
     *
     * @param id a small dense number, unique while the server runs; made for array look-ups and for choosing a shard
     */
    public Host(int id, String name) {
        this.id = id;
        this.name = name;
        this.bytes = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** A small dense number, from 0, unique while the server runs. */
    public int id() {
        return id;
    }

    /** The name, for example {@code goblin}. */
    public String name() {
        return name;
    }

    /** The name's bytes, shared with this object: the caller must not change them. */
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return name;
    }
}
