package org.loghost.listen;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

/** Hosts by bare address, or waiting for a name until the test gives one. */
final class FakeHosts implements HostNames {
    volatile boolean waitForNames;
    final Map<String, Sender> senders = new ConcurrentHashMap<>();
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final AtomicInteger ids = new AtomicInteger();

    void name(Sender sender, String name) {
        sender.host(host(name));
    }

    @Override
    public Sender sender(Listener listener, @Nullable InetAddress address) {
        return senders.computeIfAbsent(
                listener.name() + " " + (address == null ? "local" : address.getHostAddress()), key -> {
                    Sender sender = new Sender(listener, address);
                    if (!waitForNames) {
                        sender.host(byAddress(sender));
                    }
                    return sender;
                });
    }

    @Override
    public Host named(Sender sender, byte[] bytes, int offset, int length) {
        return host(new String(bytes, offset, length, java.nio.charset.StandardCharsets.ISO_8859_1)
                .toLowerCase(java.util.Locale.ROOT));
    }

    @Override
    public boolean isKnown(byte[] bytes, int offset, int length) {
        return false;
    }

    @Override
    public @Nullable Host unnamed(Sender sender) {
        return sender.host();
    }

    @Override
    public Host byAddress(Sender sender) {
        return host(sender.addressText().replace(':', '-'));
    }

    private Host host(String name) {
        return hosts.computeIfAbsent(name, key -> new Host(ids.getAndIncrement(), key));
    }
}
