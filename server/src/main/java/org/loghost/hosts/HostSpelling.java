package org.loghost.hosts;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

/**
 * Names hosts by the rules of {@link HostDirectory}, so that a line can be shown as the archive has it, but keeps
 * nothing: no limits, no look-ups, nothing learned from one message for the next.
 *
 * <p>Immutable; any thread.
 */
public final class HostSpelling implements HostNames {
    private final HostNaming naming;
    private final Host own;

    /** @param senderText the address or name of the sender of all messages */
    public HostSpelling(HostsConfig config, String senderText) {
        this.naming = new HostNaming(config);
        this.own = new Host(0, own(senderText));
    }

    private String own(String senderText) {
        InetAddress address = HostName.address(senderText);
        String configured = address == null ? null : naming.configured(address);
        if (configured != null) {
            return configured;
        }
        String name = naming.host(senderText);
        return name.isEmpty() ? LocalNames.own() : name;
    }

    @Override
    public Sender sender(Listener listener, @Nullable InetAddress address) {
        Sender sender = new Sender(listener, address);
        sender.host(own);
        return sender;
    }

    @Override
    public Host named(Sender sender, byte[] bytes, int offset, int length) {
        String raw = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        String name = naming.host(raw);
        return name.isEmpty() ? HostName.unusable(raw, own) : new Host(0, name).inLinesAs(HostName.inLines(raw, name));
    }

    @Override
    public boolean isKnown(byte[] bytes, int offset, int length) {
        return false;
    }

    @Override
    public Host unnamed(Sender sender) {
        return own;
    }

    @Override
    public Host byAddress(Sender sender) {
        return own;
    }
}
