package org.loghost.message;

import java.nio.charset.StandardCharsets;

/**
 * A host under the name that its archive folder and its canonical lines carry.
 *
 * <p>The name is lower-cased and holds only {@code [a-z0-9._-]}; it is never empty, never starts with a dot and is at
 * most 200 bytes long, so that it is safe as a file name. There is exactly one instance per name, beside those made by
 * {@link #inLinesAs}, which have its id. Immutable; any thread.
 */
public final class Host {
    private final int id;
    private final String name;
    private final byte[] bytes;
    private final byte[] lineBytes;

    /**
     * For the directory of hosts alone, which keeps instances unique.
     *
     * @param id a small dense number, unique while the server runs; made for array look-ups and for choosing a shard
     */
    public Host(int id, String name) {
        this.id = id;
        this.name = name;
        this.bytes = name.getBytes(StandardCharsets.US_ASCII);
        this.lineBytes = bytes;
    }

    private Host(Host host, byte[] lineBytes) {
        this.id = host.id;
        this.name = host.name;
        this.bytes = host.bytes;
        this.lineBytes = lineBytes;
    }

    /**
     * This host, with another name in lines: of a sender or a machine that gets no folder of its own, or whose name is too
     * long for one. For the directory of hosts alone.
     *
     * @param lineName 1 to 255 printable ASCII characters without a blank
     */
    public Host inLinesAs(String lineName) {
        return new Host(this, lineName.getBytes(StandardCharsets.US_ASCII));
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

    /** The name that canonical lines carry; nearly always {@link #bytes()}. Not to be changed either. */
    public byte[] lineBytes() {
        return lineBytes;
    }

    /** Whether lines carry {@link #name()}; otherwise several machines may share this host. */
    public boolean isItself() {
        return lineBytes == bytes;
    }

    @Override
    public String toString() {
        return name;
    }
}
