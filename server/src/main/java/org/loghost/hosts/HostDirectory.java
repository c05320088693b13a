package org.loghost.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
 * (and 127.0.0.1, ::1) names nobody: it is the sender. What comes from 127.0.0.1, ::1 or a local socket is the loghost.
 *
 * <p>A name found for an address stays when DNS is away or says "no such name", over restarts too; only another
 * confirmed name changes it, which is posted as a notice.
 *
 * <p>Hosts are bounded by {@code max-hosts}, the names one address may invent by {@code max-new-per-sender} an hour. The
 * latter is 2,000 by default for the sake of a relay with thousands of real hosts behind it: all of them are in within
 * a few hours, and a name that an earlier run knew costs nothing. What is refused stands under its sender's own host, and
 * when there is no room for that either, under {@value #OTHER_SENDERS}; its lines carry their name wherever they stand.
 *
 * <p>Event loops read without a lock. Everything rare is done under one lock, which is never held while waiting for a
 * disk or the network.
 */
public final class HostDirectory implements HostNames, AutoCloseable {
    /** Takes the lines of senders that came when {@code max-hosts} was reached. */
    static final String OTHER_SENDERS = "other-senders";

    private static final Logger logger = LogManager.getLogger(HostDirectory.class);
    private static final int SPELLINGS_PER_HOST = 4;
    private static final long UPKEEP_SECONDS = 60;
    private static final long RATE_PAUSE_MILLIS = 100;
    /** Stands for all hosts of earlier runs, whose names alone are asked for. */
    private static final Host FROM_EARLIER = new Host(0, "earlier");

    private final KnownHosts file;
    private final boolean reverseDns;
    private final List<String> dnsServers;
    private final ServerMetrics metrics;
    private final Notices notices;
    private final Clock clock;
    private final String ownName = LocalNames.own();
    private final NameTable spellings;
    /** The names that earlier runs knew. */
    private final NameTable earlierNames;

    private final HostActivity activity = new HostActivity();
    private final SenderTable senders = new SenderTable();
    private final Object saving = new Object();
    private final ClockSteps clockSteps;

    // ---- guarded by this
    private final HostRegister register = new HostRegister(activity);
    private final SenderNames names = new SenderNames();
    private final NewNameBudget budget;
    private HostsConfig config;
    private HostNaming naming;
    private @Nullable ReverseDns dns;
    private @Nullable ScheduledExecutorService timer;
    private boolean asking;
    private boolean closed;

    /** Opens nothing before {@link #start}; the file keeps what is known over restarts. */
    public HostDirectory(HostsConfig config, Path file, ServerMetrics metrics, Notices notices, Clock clock) {
        this.config = config;
        this.reverseDns = config.reverseDns();
        this.dnsServers = config.dnsServers();
        this.naming = new HostNaming(config);
        this.file = new KnownHosts(file);
        this.metrics = metrics;
        this.notices = notices;
        this.clock = clock;
        this.clockSteps = new ClockSteps(clock.millis());
        this.spellings = new NameTable(config.maxHosts() * SPELLINGS_PER_HOST);
        this.earlierNames = new NameTable(config.maxHosts());
        this.budget = new NewNameBudget(config.maxNewPerSender());
    }

    /** Takes up what earlier runs knew, as far as the file can be read, and begins to ask DNS. */
    public synchronized void start() {
        try {
            KnownHosts.Entries known = file.read();
            KnownHosts.remembered(known.hosts(), clock.millis()).forEach(this::remember);
            known.senders()
                    .forEach(sender -> names.name(names.entry(sender.address()), sender.name(), sender.sinceMillis()));
            if (!known.setAside().isEmpty()) {
                notices.post(
                        Notice.Level.WARNING,
                        "hosts file",
                        "What was known of hosts is damaged and is now " + known.setAside()
                                + "; what could be read of it is used, other names are looked up anew, first and last"
                                + " seen begin afresh for those hosts");
            }
        } catch (IOException unreadable) {
            logger.warn("Known hosts could not be read, names are looked up anew: {}", unreadable.toString());
            notices.post(
                    Notice.Level.WARNING,
                    "hosts file",
                    "What was known of hosts could not be read; names are looked up anew, first and last seen begin"
                            + " afresh.");
        }
        openDns();
        ScheduledExecutorService fresh = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "hosts");
            thread.setDaemon(true);
            return thread;
        });
        fresh.scheduleWithFixedDelay(this::keepUpSafely, UPKEEP_SECONDS, UPKEEP_SECONDS, TimeUnit.SECONDS);
        timer = fresh;
    }

    private void remember(KnownHosts.Seen host) {
        register.earlier(host);
        byte[] name = host.name().getBytes(StandardCharsets.ISO_8859_1);
        earlierNames.put(name, 0, name.length, FROM_EARLIER);
    }

    /** Does nothing on a machine without a name server; one that gets its network late is asked again by the upkeep. */
    private void openDns() {
        if (dns == null && reverseDns && ReverseDns.isConfigured(dnsServers)) {
            dns = ReverseDns.open(dnsServers);
        }
    }

    /** The loghost's own short name. */
    public String ownName() {
        return ownName;
    }

    // ---- who sends

    @Override
    public Sender sender(Listener listener, @Nullable InetAddress address) {
        Sender known = senders.find(listener, address);
        return known != null ? known : newSender(listener, address);
    }

    private synchronized Sender newSender(Listener listener, @Nullable InetAddress address) {
        Sender known = senders.find(listener, address);
        if (known != null) {
            return known;
        }
        Sender sender = new Sender(listener, address);
        identify(sender);
        senders.add(sender);
        return sender;
    }

    @Override
    public @Nullable Host unnamed(Sender sender) {
        return sender.host();
    }

    @Override
    public synchronized Host byAddress(Sender sender) {
        Host known = sender.host();
        InetAddress address = sender.address();
        return known != null ? known : address == null ? register.host(ownName) : nameless(address);
    }

    /** Gives a sender its name when it is known without asking; else, or to refresh it, asks. */
    private void identify(Sender sender) {
        InetAddress address = sender.address();
        if (address == null) {
            sender.host(register.host(ownName));
        } else if (!reverseDns || naming.configured(address) != null || !isInDns(address)) {
            sender.host(host(address, null));
        } else {
            SenderNames.Entry entry = names.entry(address);
            entry.add(sender);
            ask(entry);
            if (entry.settled || dns == null) {
                sender.host(host(address, entry.name));
            }
        }
    }

    private static boolean isInDns(InetAddress address) {
        return !HostName.isThisMachine(address) && !address.isLinkLocalAddress();
    }

    /** The host of an address: as configured, the loghost itself, by its name in DNS, or nameless. */
    private Host host(InetAddress address, @Nullable String dnsName) {
        String configured = naming.configured(address);
        if (configured != null) {
            return register.host(configured);
        }
        if (HostName.isThisMachine(address)) {
            return register.host(ownName);
        }
        String name = dnsName == null ? "" : naming.host(dnsName);
        return name.isEmpty() ? nameless(address) : admitted(name, address);
    }

    private Host nameless(InetAddress address) {
        String configured = naming.configured(address);
        return configured == null ? admitted(HostName.safe(address), address) : register.host(configured);
    }

    private Host admitted(String name, InetAddress address) {
        Host known = register.find(name);
        if (known != null) {
            return known;
        }
        if (register.size() < config.maxHosts()) {
            return register.host(name);
        }
        metrics.increment(Count.REFUSED_HOST_NAMES);
        notices.post(
                Notice.Topic.OUTSIDERS,
                Notice.Level.WARNING,
                "max-hosts",
                "There are more hosts than hosts.max-hosts allows, which is " + config.maxHosts()
                        + "; the lines of further senders, the latest of them " + HostName.text(address)
                        + ", stand under " + OTHER_SENDERS + ". Raise the limit, or find out who invents addresses; a"
                        + " restart forgets invented ones.");
        return register.host(OTHER_SENDERS).inLinesAs(name);
    }

    // ---- whom a header names

    @Override
    public Host named(Sender sender, byte[] bytes, int offset, int length) {
        Host host = spellings.find(bytes, offset, length);
        return host != null ? host : newSpelling(sender, bytes, offset, length);
    }

    @Override
    public boolean isKnown(byte[] bytes, int offset, int length) {
        return spellings.find(bytes, offset, length) != null || earlierNames.find(bytes, offset, length) != null;
    }

    private synchronized Host newSpelling(Sender sender, byte[] bytes, int offset, int length) {
        String raw = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
        String name = naming.host(raw);
        if (name.isEmpty()) {
            return HostName.unusable(raw, byAddress(sender));
        }
        String inLines = HostName.inLines(raw, name);
        Host host = register.find(name);
        if (host == null) {
            if (!mayBegin(name, sender)) {
                return refused(sender).inLinesAs(inLines);
            }
            host = register.host(name);
        }
        host = inLines.equals(name) ? host : host.inLinesAs(inLines);
        spellings.put(bytes, offset, length, host);
        return host;
    }

    private boolean mayBegin(String name, Sender sender) {
        return naming.isConfigured(name)
                || (register.size() < config.maxHosts()
                        && (register.isFromEarlier(name) || budget.take(sender, clock.millis())));
    }

    private Host refused(Sender sender) {
        metrics.increment(Count.REFUSED_HOST_NAMES);
        notices.postExample(
                Notice.Topic.OUTSIDERS,
                Notice.Level.WARNING,
                "host names",
                "More new host names than hosts.max-new-per-sender or hosts.max-hosts allow; their lines stand in the"
                        + " sender's own files, with their names in them (for a relay, raise the limit). Senders",
                sender.addressText());
        return byAddress(sender);
    }

    // ---- DNS

    private void ask(SenderNames.Entry entry) {
        ReverseDns resolver = dns;
        if (resolver == null) {
            return;
        }
        names.ask(entry, clock.millis());
        wake(resolver);
    }

    private void wake(ReverseDns resolver) {
        if (!asking && names.isWaiting()) {
            asking = true;
            resolver.run(() -> beginLookUps(resolver), 0);
        }
    }

    /** On the thread of the answers, so that no event loop opens sockets. */
    private void beginLookUps(ReverseDns resolver) {
        SenderNames.Entry entry = next(resolver);
        while (entry != null) {
            SenderNames.Entry asked = entry;
            resolver.lookUp(asked.address, asked.name, answer -> answered(resolver, asked, answer));
            entry = next(resolver);
        }
    }

    private synchronized SenderNames.@Nullable Entry next(ReverseDns resolver) {
        if (resolver != dns) {
            return null;
        }
        SenderNames.Entry entry = names.next(clock.millis());
        if (entry == null) {
            asking = names.waitsForTime();
            if (asking) {
                resolver.run(() -> beginLookUps(resolver), RATE_PAUSE_MILLIS);
            }
        }
        return entry;
    }

    private synchronized void answered(ReverseDns resolver, SenderNames.Entry entry, ReverseDns.Answer answer) {
        if (resolver != dns) {
            return; // closed meanwhile, and the entry settled
        }
        String found = answer.name();
        if (found != null && naming.host(found).isEmpty()) {
            found = null; // DNS calls it localhost
        }
        boolean wasSettled = entry.settled;
        names.answered(entry, found == null ? ReverseDns.Answer.NONE : answer, clock.millis());
        if (found != null && !found.equals(entry.name)) {
            rename(entry, found, wasSettled);
        }
        entry.forEachSender(sender -> sender.host(host(entry.address, entry.name)));
        wake(resolver);
    }

    private void rename(SenderNames.Entry entry, String found, boolean wasSettled) {
        String address = HostName.text(entry.address);
        String fresh = naming.host(found);
        String old = entry.name == null ? "" : naming.host(entry.name);
        if (!old.isEmpty() && !old.equals(fresh)) {
            String since = entry.sinceMillis == 0 ? "" : " (since " + time(entry.sinceMillis) + ")";
            notices.postExample(
                    Notice.Topic.OUTSIDERS,
                    Notice.Level.WARNING,
                    "renamed",
                    "Senders have another name in DNS; their lines without a host name go there from now on (if one of"
                            + " the names is wrong, set it in [hosts.names])",
                    address + " was " + old + since + " and is now " + fresh);
        } else if (old.isEmpty() && wasSettled && naming.configured(entry.address) == null) {
            notices.postExample(
                    Notice.Topic.OUTSIDERS,
                    Notice.Level.INFO,
                    "named",
                    "Senders, until now under their address, have a name in DNS; their lines without a host name go"
                            + " there from now on",
                    address + " is " + fresh);
        }
        names.name(entry, found, old.equals(fresh) ? entry.sinceMillis : clock.millis());
    }

    private static Instant time(long millis) {
        return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
    }

    // ---- what is known

    /** Takes note of who sent the messages of a batch. Any thread. */
    public void seen(MessageBatch batch) {
        activity.seen(batch);
    }

    /** The host with this {@link Host#id()}. */
    public synchronized Host hostById(int id) {
        return register.byId(id);
    }

    /** Every host that sent something, in this run or an earlier one, by name. */
    public List<HostInfo> hosts() {
        List<KnownHosts.Sender> known;
        List<Host> present;
        List<KnownHosts.Seen> earlier;
        HostNaming now;
        synchronized (this) {
            known = knownSenders();
            present = register.all();
            earlier = register.allEarlier();
            now = naming;
        }
        HostList list = new HostList(ownName, now, known);
        list.addPresent(present, activity);
        list.addEarlier(earlier);
        return list.byName();
    }

    private synchronized List<KnownHosts.Sender> knownSenders() {
        List<KnownHosts.Sender> known = new ArrayList<>();
        for (SenderNames.Entry entry : names.named()) {
            String name = entry.name;
            if (name != null) {
                known.add(new KnownHosts.Sender(entry.address, name, entry.sinceMillis));
            }
        }
        return known;
    }

    // ---- life

    /** Takes over names, aliases, domains and limits; senders are named anew. Hosts that exist stay. */
    public synchronized void reload(HostsConfig fresh) {
        if (fresh.equals(config)) {
            return;
        }
        config = fresh;
        naming = new HostNaming(fresh);
        budget.perHour(fresh.maxNewPerSender());
        spellings.clear(fresh.maxHosts() * SPELLINGS_PER_HOST);
        names.inUse().forEach(entry -> entry.forEachSender(this::identify));
        senders.forEach(this::identify);
    }

    /** Asks DNS again where it is time, and writes down what is known; every minute, on the thread {@code hosts}. */
    void keepUp() {
        long step = clockSteps.take(clock.millis());
        if (step != 0) {
            activity.clockSet(step, clock.millis());
        }
        synchronized (this) {
            if (!closed) {
                openDns();
                names.inUse().forEach(this::ask);
            }
        }
        save();
    }

    private void keepUpSafely() {
        try {
            keepUp();
        } catch (RuntimeException bug) {
            logger.error("Upkeep of the hosts failed; it is repeated in a minute", bug);
        }
    }

    private void save() {
        List<KnownHosts.Seen> seen = new ArrayList<>();
        for (HostInfo info : hosts()) {
            seen.add(new KnownHosts.Seen(info.name(), info.firstSeenMillis(), info.lastSeenMillis(), info.messages()));
        }
        int most = limit();
        if (seen.size() > most) {
            seen.sort(Comparator.comparingLong(KnownHosts.Seen::lastMillis).reversed());
            seen = seen.subList(0, most);
        }
        synchronized (saving) {
            try {
                file.write(new KnownHosts.Entries(knownSenders(), seen));
            } catch (IOException failed) {
                logger.warn("Host names could not be saved: {}", failed.toString());
            }
        }
    }

    private synchronized int limit() {
        return config.maxHosts();
    }

    @Override
    public void close() {
        ReverseDns resolver;
        ScheduledExecutorService running;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            resolver = dns;
            dns = null;
            running = timer;
            names.giveUp()
                    .forEach(entry -> entry.forEachSender(sender -> sender.host(host(entry.address, entry.name))));
        }
        if (running != null) {
            running.shutdownNow();
            save();
        }
        if (resolver != null) {
            resolver.close();
        }
    }
}
