package org.loghost.hosts;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsPtrRecord;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks up the names of addresses, forward-confirmed: the name that the PTR record gives counts only when it leads back
 * to the address, or whoever owns the reverse zone could pose as any host. Each look-up has a port of its own, so that an
 * answer cannot be forged by guessing.
 *
 * <p>Answers arrive on the one thread {@code dns}. Bounded by who calls: see {@link SenderNames}.
 */
final class ReverseDns implements AutoCloseable {
    /** PTR records of one address that are tried: a known name first, the others in alphabetical order. */
    static final int MAX_NAMES = 4;

    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(2);
    private static final Path RESOLVER = Path.of("/etc/resolv.conf");
    private static final Pattern NAME_SERVER = Pattern.compile("(?m)^[ \\t]*nameserver[ \\t]+\\S");
    /** The labels of a host name (RFC 1123 section 2.1), and the underscore that some have. */
    private static final Pattern HOST_NAME =
            Pattern.compile("(?=.{1,253}$)[A-Za-z0-9_-]{1,63}(?:\\.[A-Za-z0-9_-]{1,63})*");

    private final EventLoopGroup group;
    private final DnsNameResolver resolver;

    /**
     * How a look-up ended.
     *
     * @param name the confirmed name, or null: there is none, or nobody answered; neither takes a known name away
     * @param ttlSeconds how long DNS says it holds
     */
    record Answer(@Nullable String name, long ttlSeconds) {
        static final Answer NONE = new Answer(null, 0);
    }

    private ReverseDns(EventLoopGroup group, DnsNameResolver resolver) {
        this.group = group;
        this.resolver = resolver;
    }

    /** Whether there is a name server, of these or the system's. Without one, Netty would ask public ones about private addresses. */
    static boolean isConfigured(List<String> servers) {
        if (!servers.isEmpty()) {
            return true;
        }
        try {
            return NAME_SERVER
                    .matcher(Files.readString(RESOLVER, StandardCharsets.ISO_8859_1))
                    .find();
        } catch (IOException absent) {
            return false;
        }
    }

    /** With these servers, or the system's when there are none. Whoever opens it closes it. */
    static ReverseDns open(List<String> servers) {
        EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("dns", true), NioIoHandler.newFactory());
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(group.next())
                .datagramChannelType(NioDatagramChannel.class)
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(QUERY_TIMEOUT.toMillis())
                .maxQueriesPerResolve(4);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(
                    servers.stream().map(ReverseDns::server).toArray(InetSocketAddress[]::new)));
        }
        return new ReverseDns(group, builder.build());
    }

    /** Runs a task on the thread of the answers, soon or after a while. */
    void run(Runnable task, long afterMillis) {
        group.schedule(task, afterMillis, TimeUnit.MILLISECONDS);
    }

    /**
     * Looks the name up; the answer comes later, exactly once, whatever DNS sends.
     *
     * @param known the name it had: kept as long as it is one of several, so that their changing order moves nobody
     */
    void lookUp(InetAddress address, @Nullable String known, Consumer<Answer> whenKnown) {
        query(reverseName(address), DnsRecordType.PTR, whenKnown, records -> {
            List<String> names = names(records, known);
            confirm(address, names, ttl(records), whenKnown);
        });
    }

    private void confirm(InetAddress address, List<String> names, long ttl, Consumer<Answer> whenKnown) {
        if (names.isEmpty()) {
            whenKnown.accept(Answer.NONE);
            return;
        }
        String name = names.get(0);
        DnsRecordType type = address.getAddress().length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
        Consumer<Answer> orNext = none -> confirm(address, names.subList(1, names.size()), ttl, whenKnown);
        query(name + ".", type, orNext, records -> {
            if (records.stream().anyMatch(record -> isAddress(record, address))) {
                whenKnown.accept(new Answer(name, Math.min(ttl, ttl(records))));
            } else {
                orNext.accept(Answer.NONE);
            }
        });
    }

    private void query(
            String name, DnsRecordType type, Consumer<Answer> otherwise, Consumer<List<DnsRecord>> whenFound) {
        Future<List<DnsRecord>> found;
        try {
            found = resolver.resolveAll(new DefaultDnsQuestion(name, type));
        } catch (RuntimeException unusable) {
            // A name that Netty cannot put into a question, or a stop under way.
            otherwise.accept(Answer.NONE);
            return;
        }
        found.addListener((Future<List<DnsRecord>> done) -> {
            List<DnsRecord> records = done.isSuccess() ? done.getNow() : List.of();
            try {
                if (records.isEmpty()) {
                    otherwise.accept(Answer.NONE);
                } else {
                    whenFound.accept(records);
                }
            } finally {
                records.forEach(ReferenceCountUtil::release);
            }
        });
    }

    private static List<String> names(List<DnsRecord> records, @Nullable String known) {
        List<String> names = new ArrayList<>();
        for (DnsRecord record : records) {
            if (record instanceof DnsPtrRecord pointer) {
                String name = withoutDot(pointer.hostname());
                if (HOST_NAME.matcher(name).matches()) {
                    names.add(name);
                }
            }
        }
        names.sort((a, b) -> {
            boolean first = a.equalsIgnoreCase(known);
            boolean second = b.equalsIgnoreCase(known);
            return first == second ? a.compareTo(b) : first ? -1 : 1;
        });
        return names.subList(0, Math.min(names.size(), MAX_NAMES));
    }

    private static boolean isAddress(DnsRecord record, InetAddress address) {
        if (!(record instanceof DnsRawRecord raw)) {
            return false;
        }
        byte[] bytes = new byte[raw.content().readableBytes()];
        raw.content().getBytes(raw.content().readerIndex(), bytes);
        return Arrays.equals(bytes, address.getAddress());
    }

    private static long ttl(List<DnsRecord> records) {
        return records.stream().mapToLong(DnsRecord::timeToLive).min().orElse(0);
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
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
