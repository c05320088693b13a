package org.loghost.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Host;
import org.loghost.message.HostNames;
import org.loghost.message.Listener;
import org.loghost.message.MessageBatch;
import org.loghost.message.Sender;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * Knows every host. A message belongs to the host that its header names; without one to the name configured for the
 * sender's address, else to its forward-confirmed name in DNS, else to the address itself. {@code localhost} in a header
 * names nobody: it is the sender.
 *
 * <p>A name found for an address stays when DNS is away, over restarts too; a change is posted as a notice. Event loops
 * read without a lock; everything rare is done under one lock.
 */
public final class HostDirectory implements HostNames, AutoCloseable {
    private static final Logger logger = LogManager.getLogger(HostDirectory.class);
    private static final int MAX_SENDERS = 65_536;
    private static final String OTHER_SENDERS = "other-senders";
    /** An address, as against a name that DNS would be asked for. */
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*(%.*)?");

    private static final int SPELLINGS_PER_HOST = 4;
    private static final long SAVE_SECONDS = 60;

    private final KnownHosts file;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final String ownName = LocalNames.own();
    private final NameTable spellings;
    private final HostActivity activity = new HostActivity();
    private final SenderNames names = new SenderNames();
    private final NewNameBudget budget;
    private final Map<Listener, Map<InetAddress, Sender>> senders = new ConcurrentHashMap<>();
    private final Map<Listener, Sender> localSenders = new ConcurrentHashMap<>();
    /** Guarded by this. */
    private final Map<String, Host> byName = new HashMap<>();
    /** By id; guarded by this. */
    private final List<Host> byId = new ArrayList<>();

    private volatile HostsConfig config;
    /** {@code [hosts.names]} by the one spelling that an address has in Java. */
    private volatile Map<String, String> configuredNames;

    private @Nullable ReverseDns dns;
    private @Nullable ScheduledExecutorService saver;
    private boolean closed;

    /** Opens nothing before {@link #start}; the file keeps what is known over restarts. */
    public HostDirectory(HostsConfig config, Path file, ServerMetrics metrics, Notices notices, Clock clock) {
        this.config = config;
        this.configuredNames = bySpelling(config.names());
        this.file = new KnownHosts(file);
        this.metrics = metrics;
        this.notices = notices;
        this.clock = clock;
        this.spellings = new NameTable(config.maxHosts() * SPELLINGS_PER_HOST);
        this.budget = new NewNameBudget(config.maxNewPerSender());
    }

    /** Takes up what earlier runs knew, and begins to ask DNS. */
    public synchronized void start() throws IOException {
        KnownHosts.Entries known = file.read();
        for (KnownHosts.Seen seen : known.hosts()) {
            if (seen.name().equals(HostName.safe(seen.name()))) {
                activity.known(host(seen.name()).id(), seen.firstMillis(), seen.lastMillis(), seen.messages());
            }
        }
        for (KnownHosts.Sender sender : known.senders()) {
            remember(sender);
        }
        if (config.reverseDns()) {
            dns = new ReverseDns(config.dnsServers());
        }
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "hosts");
            thread.setDaemon(true);
            return thread;
        });
        timer.scheduleWithFixedDelay(this::save, SAVE_SECONDS, SAVE_SECONDS, TimeUnit.SECONDS);
        saver = timer;
    }

    /** Takes a name of an earlier run over; an address of an interface that is gone now is left out. */
    private void remember(KnownHosts.Sender known) {
        try {
            if (LITERAL.matcher(known.address()).matches()) {
                SenderNames.Entry entry = names.entry(InetAddress.getByName(known.address()));
                entry.name = HostName.safe(known.name());
                entry.settled = true;
            }
        } catch (UnknownHostException gone) {
            logger.info("The address {} of {} is no longer known here", known.address(), known.name());
        }
    }

    /** The loghost's own short name. */
    public String ownName() {
        return ownName;
    }

    @Override
    public Sender sender(Listener listener, @Nullable InetAddress address) {
        if (address == null) {
            return localSenders.computeIfAbsent(listener, key -> own(new Sender(key, null)));
        }
        Map<InetAddress, Sender> known = senders.computeIfAbsent(listener, key -> new ConcurrentHashMap<>());
        Sender sender = known.get(address);
        if (sender == null) {
            if (known.size() >= MAX_SENDERS) {
                known.clear();
            }
            sender = known.computeIfAbsent(address, key -> new Sender(listener, key));
            identify(sender, address);
        }
        return sender;
    }

    private synchronized Sender own(Sender sender) {
        sender.host(host(ownName));
        return sender;
    }

    @Override
    public Host named(Sender sender, byte[] bytes, int offset, int length) {
        Host host = spellings.find(bytes, offset, length);
        return host != null ? host : newSpelling(sender, bytes, offset, length);
    }

    @Override
    public @Nullable Host unnamed(Sender sender) {
        return sender.host();
    }

    @Override
    public synchronized Host byAddress(Sender sender) {
        Host known = sender.host();
        if (known != null) {
            return known;
        }
        InetAddress address = sender.address();
        return address == null ? host(ownName) : hostOfAddress(address);
    }

    /** A host named by an address, or one for all further senders when there are as many hosts as are allowed. */
    private Host hostOfAddress(InetAddress address) {
        String name = HostName.safe(address.getHostAddress());
        if (byName.containsKey(name) || byName.size() < config.maxHosts()) {
            return host(name);
        }
        metrics.increment(Count.REFUSED_HOST_NAMES);
        notices.post(
                Notice.Level.WARNING,
                OTHER_SENDERS,
                "There are hosts.max-hosts hosts; lines of further senders stand together under " + OTHER_SENDERS
                        + ".");
        return host(OTHER_SENDERS);
    }

    private synchronized Host newSpelling(Sender sender, byte[] bytes, int offset, int length) {
        String name = canonical(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        if (name.isEmpty() || name.equals("localhost")) {
            return byAddress(sender);
        }
        Host host = byName.get(name);
        if (host == null) {
            if (byName.size() >= config.maxHosts() || !budget.take(sender, clock.millis())) {
                return refused(sender);
            }
            host = host(name);
        }
        spellings.put(bytes, offset, length, host);
        return host;
    }

    private Host refused(Sender sender) {
        metrics.increment(Count.REFUSED_HOST_NAMES);
        notices.post(
                Notice.Level.WARNING,
                "host names " + sender.addressText(),
                sender.addressText() + " brought more new host names than hosts.max-new-per-sender or hosts.max-hosts"
                        + " allow; their lines stand under the sender's own name. For a relay, raise the limit.");
        return byAddress(sender);
    }

    /** The name a host goes by: safe, configured, without a local domain, and by its alias. */
    private String canonical(String raw) {
        HostsConfig now = config;
        String safe = HostName.safe(raw);
        if (safe.equals("localhost.localdomain") || safe.equals("localhost")) {
            return "localhost";
        }
        String configured = now.names().get(raw);
        String full = configured == null ? safe : HostName.safe(configured);
        String alias = now.aliases().get(full);
        if (alias != null) {
            return HostName.safe(alias);
        }
        String name = HostName.withoutDomain(full, now.stripDomains());
        alias = now.aliases().get(name);
        return alias == null ? name : HostName.safe(alias);
    }

    /** Gives a new sender its name when it is known without asking, else asks. */
    private synchronized void identify(Sender sender, InetAddress address) {
        String configured = configuredName(address);
        if (configured != null) {
            sender.host(host(canonical(configured)));
        } else if (isThisMachine(address)) {
            sender.host(host(ownName));
        } else if (dns == null) {
            sender.host(byAddress(sender));
        } else {
            SenderNames.Entry entry = names.entry(address);
            ask(address, entry);
            if (entry.name != null) {
                sender.host(host(entry.name));
            } else if (entry.settled) {
                sender.host(byAddress(sender));
            }
        }
    }

    private @Nullable String configuredName(InetAddress address) {
        return configuredNames.get(withoutScope(address.getHostAddress()));
    }

    private static Map<String, String> bySpelling(Map<String, String> names) {
        Map<String, String> bySpelling = new HashMap<>();
        names.forEach((address, name) -> {
            try {
                bySpelling.put(withoutScope(InetAddress.getByName(address).getHostAddress()), name);
            } catch (UnknownHostException notAnAddress) {
                bySpelling.put(address, name);
            }
        });
        return bySpelling;
    }

    private static String withoutScope(String address) {
        int percent = address.indexOf('%');
        return percent < 0 ? address : address.substring(0, percent);
    }

    /** 127.0.0.1 and ::1; the rest of 127/8 may stand for machines behind a tunnel or a translation. */
    private static boolean isThisMachine(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address.isLoopbackAddress() && bytes[bytes.length - 1] == 1 && bytes[bytes.length - 2] == 0;
    }

    private void ask(InetAddress address, SenderNames.Entry entry) {
        ReverseDns resolver = dns;
        if (resolver != null && !closed && configuredName(address) == null && names.ask(entry, clock.millis())) {
            resolver.lookUp(address, answer -> answered(address, entry, answer));
        }
    }

    private synchronized void answered(InetAddress address, SenderNames.Entry entry, ReverseDns.Answer answer) {
        names.answered(entry, answer.name() != null, clock.millis());
        if (configuredName(address) != null) {
            // Configured while DNS was being asked.
            return;
        }
        String found = answer.name() == null ? "" : canonical(answer.name());
        if (!found.isEmpty() && !found.equals("localhost") && !found.equals(entry.name)) {
            if (entry.name != null) {
                notices.post(
                        Notice.Level.WARNING,
                        "renamed " + address.getHostAddress(),
                        "The sender " + address.getHostAddress() + " was " + entry.name + " and is now " + found
                                + " in DNS; its lines without a host name go there from now on.");
            }
            entry.name = found;
        }
        Host host = entry.name == null ? hostOfAddress(address) : host(entry.name);
        for (Map<InetAddress, Sender> known : senders.values()) {
            Sender sender = known.get(address);
            if (sender != null) {
                sender.host(host);
            }
        }
    }

    private synchronized Host host(String name) {
        return byName.computeIfAbsent(name, key -> {
            Host host = new Host(byId.size(), key);
            byId.add(host);
            return host;
        });
    }

    /** Takes note of who sent the messages of a batch. Any thread. */
    public void seen(MessageBatch batch) {
        activity.seen(batch);
    }

    /** Every host that sent something, in this run or an earlier one, by name. */
    public synchronized List<HostInfo> hosts() {
        Map<String, List<String>> addresses = new LinkedHashMap<>();
        names.all().forEach((address, entry) -> {
            if (entry.name != null) {
                addresses.computeIfAbsent(entry.name, key -> new ArrayList<>()).add(address.getHostAddress());
            }
        });
        return byId.stream()
                .map(host -> activity.info(host.id(), host.name(), addresses.getOrDefault(host.name(), List.of())))
                .filter(info -> info.messages() > 0)
                .sorted(java.util.Comparator.comparing(HostInfo::name))
                .toList();
    }

    /** Takes over names, aliases, domains and limits; senders are named anew. Hosts that exist stay. */
    public synchronized void reload(HostsConfig fresh) {
        if (fresh.equals(config)) {
            return;
        }
        config = fresh;
        configuredNames = bySpelling(fresh.names());
        budget.perHour(fresh.maxNewPerSender());
        spellings.clear();
        senders.values().forEach(known -> known.forEach((address, sender) -> identify(sender, address)));
    }

    /** Asks DNS again where it is time, and writes down what is known. */
    private void save() {
        KnownHosts.Entries entries = new KnownHosts.Entries(new ArrayList<>(), new ArrayList<>());
        synchronized (this) {
            new ArrayList<>(names.all().entrySet()).forEach(known -> {
                ask(known.getKey(), known.getValue());
                String name = known.getValue().name;
                if (name != null) {
                    entries.senders().add(new KnownHosts.Sender(known.getKey().getHostAddress(), name));
                }
            });
        }
        for (HostInfo info : hosts()) {
            entries.hosts()
                    .add(new KnownHosts.Seen(
                            info.name(), info.firstSeenMillis(), info.lastSeenMillis(), info.messages()));
        }
        write(entries);
    }

    /** Under the file's lock alone: event loops must not wait for a disk. */
    private void write(KnownHosts.Entries entries) {
        try {
            synchronized (file) {
                file.write(entries);
            }
        } catch (IOException failed) {
            logger.warn("Host names could not be saved: {}", failed.toString());
        }
    }

    @Override
    public void close() {
        ReverseDns resolver;
        ScheduledExecutorService timer;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            resolver = dns;
            timer = saver;
        }
        if (timer != null) {
            timer.shutdownNow();
            save();
        }
        if (resolver != null) {
            resolver.close();
        }
    }
}
