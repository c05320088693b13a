package org.loghost.classify;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.loghost.message.BatchPool;
import org.loghost.message.Host;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;

/** Batches for tests: hosts by name, lines as given. */
final class Batches {
    static final long RECEIVED = 1_700_000_000_000L;

    final MessageBatch batch = new BatchPool(1).poll();
    private final Map<String, Host> hosts = new HashMap<>();
    private final Sender sender = new Sender(new Listener("test", Listener.Kind.UDP, false, ZoneOffset.UTC), null);

    /** Adds a canonical line: stamp, host, text. */
    int line(String host, String text) {
        return raw(host, "Nov 22 06:55:58 " + host + " " + text);
    }

    int raw(String host, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        int at = put(bytes);
        return batch.add(at, bytes.length, 38, host(host), sender, RECEIVED + batch.count());
    }

    int put(byte[] bytes) {
        int at = batch.reserve(bytes.length);
        System.arraycopy(bytes, 0, batch.slab(), at, bytes.length);
        batch.advance(bytes.length);
        return at;
    }

    Host host(String name) {
        return hosts.computeIfAbsent(name, unknown -> new Host(hosts.size(), name));
    }

    void clear() {
        batch.recycle();
    }
}
