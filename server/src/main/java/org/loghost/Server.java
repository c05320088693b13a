package org.loghost;

import java.io.IOException;
import java.io.PrintStream;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.archive.Archive;
import org.loghost.archive.ArchiveLimits;
import org.loghost.archive.ArchiveStatus;
import org.loghost.classify.FindingsStore;
import org.loghost.config.ConfigException;
import org.loghost.config.ConfigReader;
import org.loghost.config.LoghostConfig;
import org.loghost.control.ControlHandler;
import org.loghost.control.ControlServer;
import org.loghost.control.DataLock;
import org.loghost.hosts.HostDirectory;
import org.loghost.listen.Intake;
import org.loghost.listen.ListenException;
import org.loghost.listen.ListenOptions;
import org.loghost.listen.ListenerConfig;
import org.loghost.listen.ListenerGroup;
import org.loghost.listen.OpenListener;
import org.loghost.mail.Destination;
import org.loghost.mail.MailConfig;
import org.loghost.mail.MailFormat;
import org.loghost.mail.Maildir;
import org.loghost.mail.Outbox;
import org.loghost.mail.RetryPauses;
import org.loghost.mail.SmtpMailer;
import org.loghost.metrics.LastRun;
import org.loghost.metrics.Notice;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;
import org.loghost.metrics.StateKeeper;
import org.loghost.pipeline.FindingsOrder;
import org.loghost.pipeline.Pipeline;
import org.loghost.report.ReportPlaces;
import org.loghost.report.ReportSchedule;

/**
 * The composition root: makes every station, joins them by constructor calls, starts them from the end of a message's
 * path to its beginning and stops them in reverse.
 *
 * <p>{@link #stop} and {@link #reload} may be called from any thread.
 */
public final class Server implements ControlHandler {
    private static final Logger logger = LogManager.getLogger(Server.class);

    static final String UNCLASSIFIED =
            "Nothing is classified, and no message is reported, as threads.classifiers is 0: this server only archives";
    /** How long {@code report --now} waits for the mail server. */
    private static final Duration HAND_OVER = Duration.ofSeconds(20);
    /** How long a stop reads what the sockets already hold; a stop ends within 10 s in all. */
    private static final Duration DRAIN = Duration.ofSeconds(3);

    private final PrintStream out;
    private final Clock clock = Clock.systemUTC();
    private final Instant started = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Shutdown shutdown;

    private final Descriptors descriptors;
    private final MemoryBudget memory;
    private final DataLock lock;
    private final StateKeeper state;
    private final HostDirectory hosts;
    private final FindingsStore findings;
    private final LiveRules rules;
    private final Archive archive;
    private final Pipeline pipeline;
    private final OwnEvents events;
    private final Intake intake;
    private final Outbox outbox;
    private final ReportSchedule reports;
    private final ControlServer control;

    private final LoghostConfig startedWith;
    private volatile LoghostConfig config;
    private volatile ListenerGroup listeners;
    /** Why the last reload changed nothing; empty when it did. */
    private volatile String notReloaded = "";

    /**
     * Starts a server: when this returns, it listens, and loads its rules.
     *
     * @param out gets the few lines that the operator reads at the start
     * @throws IOException when something cannot be opened; what was opened is closed again, and the message says which
     *     and what to do
     */
    public static Server start(LoghostConfig config, PrintStream out) throws IOException {
        Files.createDirectories(
                config.data(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        DataLock lock = DataLock.take(config.data());
        Server server;
        try {
            server = new Server(config, out, lock);
        } catch (IOException | RuntimeException failed) {
            lock.close();
            throw failed;
        }
        try {
            server.open();
        } catch (IOException | RuntimeException failed) {
            server.stop();
            throw failed;
        }
        return server;
    }

    /** Wires the stations in the order of a message's path, from its end to its beginning. */
    private Server(LoghostConfig config, PrintStream out, DataLock lock) throws IOException {
        this.config = config;
        this.startedWith = config;
        this.out = out;
        this.lock = lock;
        Path data = config.data();
        int shards = config.threads().archiveShards();
        descriptors = Descriptors.ofProcess(connections(config));
        memory = MemoryBudget.ofProcess(config, descriptors.connections());

        notices = Notices.open(data.resolve("notices"), clock);
        shutdown = new Shutdown(metrics, notices);
        state = StateKeeper.open(data.resolve("run"), metrics, notices, clock.withZone(config.zone()));
        hosts = new HostDirectory(config.hosts(), data.resolve("hosts-known"), metrics, notices, clock);
        outbox = outbox(config);
        rules = new LiveRules(config.rules(), data, metrics, notices, clock);
        findings = FindingsStore.open(
                data.resolve("findings"),
                FindingsStore.DEFAULT_BUDGET,
                metrics,
                notices,
                clock.withZone(config.zone()));
        FindingsOrder order = new FindingsOrder(findings, memory.findings());
        archive = new Archive(
                config.archive(),
                shards,
                config.zone(),
                clock,
                metrics,
                notices,
                order::storedUpTo,
                new ArchiveLimits(descriptors.files(), memory.archive()));
        pipeline = new Pipeline(
                archive,
                shards,
                rules::classifier,
                config.threads().classifiers(),
                order,
                hosts,
                metrics,
                notices,
                state::saveCounts);
        reports = new ReportSchedule(
                new ClassifiedFindings(findings, pipeline),
                outbox,
                config.report(),
                places(config),
                metrics,
                notices,
                clock);
        events = new OwnEvents(hosts, config.zone(), pipeline, metrics, clock);
        intake = new Intake(hosts, memory.datagramPool(config), memory.streamPool(config), pipeline, metrics, notices);
        listeners = new ListenerGroup(config.listeners(), intake, options(config));
        control = new ControlServer(config.control().path(), config.control().group(), this);
    }

    private void open() throws IOException {
        LastRun cutOff = state.uncleanEnd();
        if (cutOff != null) {
            new UnwrittenLines(archive.reader(), config.zone()).tell(findings, cutOff, notices);
        }
        tellLimits();
        outbox.start();
        hosts.start();
        archive.open();
        pipeline.start();
        reports.start();
        startListeners();
        state.running(() -> archive.status().oldestUnwritten());
        rules.load(); // not before: it would take the processors from what binds the ports
        control.start();
        rules.watch(this::rulesChanged);
        config.warnings()
                .forEach(warning -> notices.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, warning, warning));
        if (config.threads().classifiers() == 0) {
            notices.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, "unclassified", UNCLASSIFIED);
        }
        events.info("started");
    }

    /** Tells the operator what listens where, and, once they are loaded, with which rules. */
    public void announce() {
        rules.classifier(); // waits until they are loaded
        Banner.print(out, this);
    }

    private void rulesChanged(String what) {
        events.info("rules: " + what);
    }

    /** The built-in listeners go to another port when 514 is not allowed; configured ones are as configured. */
    private void startListeners() {
        try {
            listeners.start();
        } catch (ListenException refused) {
            if (!config.builtInListeners() || !refused.permissionDenied()) {
                throw refused;
            }
            List<ListenerConfig> unprivileged = List.of(
                    ListenerConfig.Udp.at(Banner.UNPRIVILEGED_BIND), ListenerConfig.Tcp.at(Banner.UNPRIVILEGED_BIND));
            ListenerGroup others = new ListenerGroup(unprivileged, intake, options(config));
            others.start();
            listeners = others;
            out.println(Banner.UNPRIVILEGED_NOTICE);
        }
    }

    /** Waits until the server has stopped. */
    public void awaitStop() throws InterruptedException {
        stopped.await();
    }

    /**
     * Drains, flushes and closes everything, listeners first, within 10 s; what there was no time for is counted and said.
     * Once more waits for the first to end.
     */
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            awaitQuietly();
            return;
        }
        shutdown.begin();
        shutdown.close("rules", rules);
        shutdown.close("control socket", control);
        events.info("stopping");
        shutdown.close("listeners", listeners);
        shutdown.closeAside("reports and mail", reports, outbox);
        shutdown.closeAside("housekeeping", archive::endHousekeeping);
        shutdown.close("pipeline", () -> pipeline.stop(shutdown.writtenBy()));
        shutdown.close("archive", archive);
        shutdown.close("findings", findings);
        shutdown.awaitAsides();
        shutdown.close("hosts", hosts);
        shutdown.tellLosses(archive::trouble);
        shutdown.close("state", state); // last: every other part may count a loss, or have something to tell
        shutdown.close("data folder", lock);
        logger.info("Stopped");
        stopped.countDown(); // the process may end from here on
    }

    /** What a stop is doing at the moment, and what it has not written, for the case that it does not end. */
    public String closing() {
        return shutdown.closing() + ", " + pipeline.unsettled() + " lines not on file";
    }

    /** Whether a stop that has ended lost nothing. */
    public boolean stoppedWell() {
        return shutdown.isWell();
    }

    private void awaitQuietly() {
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String status(boolean json) {
        StatusPage page = new StatusPage(this);
        return json ? page.json() : page.text();
    }

    @Override
    public String hosts(boolean json) {
        return json ? HostsPage.json(hosts.hosts()) : HostsPage.text(hosts.hosts(), config.zone());
    }

    @Override
    public String reportNow() throws IOException {
        try {
            ReportSchedule.Result result = reports.now(HAND_OVER);
            if (result.failure().isPresent()) {
                throw new IOException(
                        "not handed over yet: " + result.failure().get() + "; it is tried again until it is accepted");
            }
            return result.ids().isEmpty()
                    ? "nothing to report since the last one"
                    : "handed over: report " + String.join(", ", result.ids());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", e);
        }
    }

    @Override
    public synchronized String reload() throws IOException {
        try {
            String done = reloadAll();
            notReloaded = "";
            return done;
        } catch (IOException failed) {
            notReloaded = "the last reload changed nothing: "
                    + String.valueOf(failed.getMessage()).lines().limit(2).collect(Collectors.joining(" "));
            throw failed;
        }
    }

    private String reloadAll() throws IOException {
        LoghostConfig read;
        try {
            Path file = config.file();
            read = file == null ? config : ConfigReader.here().read(file, startedWith.data());
        } catch (ConfigException faulty) {
            throw notReloaded(String.valueOf(faulty.getMessage()), faulty);
        } catch (RuntimeException | StackOverflowError bug) {
            logger.error("The configuration could not be read", bug);
            throw notReloaded(bug.toString(), bug);
        }
        // First what can fail: then either everything is new or nothing is.
        rules.reload(read.rules());
        hosts.reload(read.hosts());
        archive.reload(read.archive());
        reports.reload(read.report(), places(read));
        config = read;
        events.info("reloaded");
        List<String> later = RestartSettings.between(startedWith, read);
        return "reloaded: " + rules.summary()
                + (later.isEmpty() ? "" : "\nchanged, and takes effect at the next start: " + String.join(", ", later));
    }

    private IOException notReloaded(String why, Throwable cause) {
        notices.post(
                Notice.Topic.SETTINGS, Notice.Level.WARNING, "reload", "The configuration was not reloaded: " + why);
        events.warning("configuration not reloaded");
        return new IOException("the old configuration stays:\n" + why, cause);
    }

    @Override
    public boolean isWell() {
        return attention().isEmpty();
    }

    /** What stays dangerous until somebody does something, however many reports have told it; never waits. */
    List<String> attention() {
        List<String> all = new ArrayList<>(config.warnings());
        ArchiveStatus status = archive.status();
        String held = status.held();
        String unsent = outbox.lastFailure();
        String failing = status.failing();
        Stream.of(
                        held == null ? "" : "archive: " + held,
                        failing == null ? "" : failing,
                        notReloaded,
                        unsent.isEmpty() ? "" : "mail: " + unsent)
                .filter(text -> !text.isEmpty())
                .forEach(all::add);
        all.addAll(rules.attention());
        rules.loaded().writableByOthers().forEach(path -> all.add(path + " may be changed by others"));
        return all;
    }

    /** Where the listeners are bound, in the order of the configuration. */
    public List<SocketAddress> boundAddresses() {
        return listeners.boundAddresses();
    }

    List<OpenListener> listeners() {
        return listeners.listeners();
    }

    LoghostConfig config() {
        return config;
    }

    Instant started() {
        return started;
    }

    ServerMetrics metrics() {
        return metrics;
    }

    Notices notices() {
        return notices;
    }

    MemoryBudget memory() {
        return memory;
    }

    Descriptors descriptors() {
        return descriptors;
    }

    Archive archive() {
        return archive;
    }

    Outbox outbox() {
        return outbox;
    }

    ReportSchedule reports() {
        return reports;
    }

    LiveRules rules() {
        return rules;
    }

    HostDirectory directory() {
        return hosts;
    }

    private ListenOptions options(LoghostConfig config) {
        return new ListenOptions(
                config.zone(),
                config.hosts().dnsWait(),
                DRAIN,
                config.threads().eventLoops(),
                memory.halfFrames(),
                memory.waitingRoom(),
                descriptors.connections());
    }

    /** What may be used of the machine, said once; a limit that does not fit is also a notice. */
    private void tellLimits() {
        logger.info("Memory: {}", memory.text());
        logger.info("Limit: {}", descriptors.text());
        if (memory.missing() > 0) {
            notices.post(Notice.Topic.SETTINGS, Notice.Level.WARNING, "memory", memory.shortage());
        }
    }

    private static int connections(LoghostConfig config) {
        return config.listeners().stream()
                .filter(ListenerConfig.Tcp.class::isInstance)
                .mapToInt(tcp -> ((ListenerConfig.Tcp) tcp).maxConnections())
                .sum();
    }

    private Outbox outbox(LoghostConfig config) {
        MailConfig mail = config.mail();
        String name = hosts.ownName();
        List<Destination> destinations = new ArrayList<>();
        if (mail.maildir() != null) {
            destinations.add(new Maildir(mail.maildir(), name));
        }
        if (mail.smtp() != null) {
            destinations.add(
                    new SmtpMailer(mail.smtp(), mail.from(), config.report().to(), name, notices));
        }
        MailFormat format = new MailFormat(mail.from(), config.report().to(), name);
        return new Outbox(
                config.data().resolve("outbox"),
                format,
                destinations,
                RetryPauses.defaults(),
                mail.limits(),
                metrics,
                notices);
    }

    private ReportPlaces places(LoghostConfig config) {
        return new ReportPlaces(
                hosts.ownName(),
                config.zone(),
                config.archive().path(),
                config.rules().localIgnore(),
                config.data().resolve("reports"));
    }
}
