package org.loghost.hosts;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names of addresses, forward-confirmed: the name that the PTR record gives counts only when it leads back
 * to the address, or whoever owns the reverse zone could pose as any host.
 *
 * <p>Answers arrive on the one thread {@code dns}. Bounded by who calls: see {@link SenderNames}.
 */
final class ReverseDns implements AutoCloseable {
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("dns", true), NioIoHandler.newFactory());
    private final DnsNameResolver resolver;

    /** How a look-up ended: a name, no name, or no answer. */
    record Answer(@Nullable String name, boolean answered) {}

    /** With these servers, or the system's when there are none. */
    ReverseDns(List<String> servers) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(group.next())
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .maxQueriesPerResolve(4);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(
                    servers.stream().map(ReverseDns::server).toArray(InetSocketAddress[]::new)));
        }
        resolver = builder.build();
    }

    /** Looks the name up; the answer comes later, exactly once. */
    void lookUp(InetAddress address, Consumer<Answer> whenKnown) {
        resolver.resolveAll(new DefaultDnsQuestion(reverseName(address), DnsRecordType.PTR))
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        whenKnown.accept(new Answer(null, isNoSuchName(done.cause())));
                        return;
                    }
                    String name = nameIn(done.getNow());
                    if (name == null) {
                        whenKnown.accept(new Answer(null, true));
                    } else {
                        confirm(address, name, whenKnown);
                    }
                });
    }

    private void confirm(InetAddress address, String name, Consumer<Answer> whenKnown) {
        resolver.resolveAll(name).addListener(done -> {
            if (!done.isSuccess()) {
                whenKnown.accept(new Answer(null, isNoSuchName(done.cause())));
                return;
            }
            @SuppressWarnings("unchecked") // resolveAll(name) gives addresses
            List<InetAddress> addresses = (List<InetAddress>) done.getNow();
            whenKnown.accept(new Answer(addresses.contains(address) ? name : null, true));
        });
    }

    private static boolean isNoSuchName(@Nullable Throwable cause) {
        // Netty says a timeout by a cause of its own; an answer without the name has none.
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof DnsNameResolverTimeoutException
                    || (at instanceof IOException && !(at instanceof UnknownHostException))) {
                return false;
            }
        }
        return true;
    }

    /** The name in an answer; one that cannot be read is none, or its look-up would never end. */
    private static @Nullable String nameIn(Object records) {
        try {
            @SuppressWarnings("unchecked") // resolveAll(question) gives records
            List<DnsRecord> answer = (List<DnsRecord>) records;
            return firstName(answer);
        } catch (RuntimeException damaged) {
            return null;
        }
    }

    private static @Nullable String firstName(List<DnsRecord> records) {
        try {
            for (DnsRecord record : records) {
                if (record instanceof DnsPtrRecord pointer) {
                    return withoutDot(pointer.hostname());
                }
                if (record instanceof DnsRawRecord raw && record.type().equals(DnsRecordType.PTR)) {
                    return withoutDot(DefaultDnsRecordDecoder.decodeName(raw.content()));
                }
            }
            return null;
        } finally {
            records.forEach(io.netty.util.ReferenceCountUtil::release);
        }
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** The name of an address in in-addr.arpa (RFC 1035 section 3.5) or ip6.arpa (RFC 3596 section 2.5). */
    static String reverseName(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes.length == 4) {
                name.append(bytes[i] & 0xff).append('.');
            } else {
                name.append(Character.forDigit(bytes[i] & 15, 16)).append('.');
                name.append(Character.forDigit(bytes[i] >> 4 & 15, 16)).append('.');
            }
        }
        return name + (bytes.length == 4 ? "in-addr.arpa." : "ip6.arpa.");
    }

    private static InetSocketAddress server(String text) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
        String host = hasPort ? text.substring(0, colon) : text;
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new InetSocketAddress(host, hasPort ? Integer.parseInt(text.substring(colon + 1)) : 53);
    }

    @Override
    public void close() {
        resolver.close();
        group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
    }
}
