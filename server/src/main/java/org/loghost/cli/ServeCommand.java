package org.loghost.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.Server;
import org.loghost.config.LoghostConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost serve}. */
@Command(
        name = "serve",
        description = {
            "Run the server in the foreground.",
            "SIGTERM and SIGINT drain, flush and end it; SIGHUP reads configuration and rules again."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended by a signal",
            "1:could not start, did not end in time, or lost lines at its end",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost serve --config /etc/loghost/loghost.toml%n")
final class ServeCommand implements Callable<Integer> {
    private static final Logger logger = LogManager.getLogger(ServeCommand.class);
    /** Its parts give up by themselves in less, each; this is for several that cannot. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

    private final Terminal terminal;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final CompletableFuture<Server> started = new CompletableFuture<>();

    @Option(names = "--rehearse", hidden = true, description = "Start a throw-away server and stop it at once.")
    private boolean rehearse;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** {@code serve} or {@code serve --config FILE}; returns the exit code. */
    static int serve(Terminal terminal, String... args) {
        ServeCommand command = new ServeCommand(terminal);
        try {
            if (args.length > 1) {
                command.options.config = Path.of(args[2]);
            }
            return command.serve(false);
        } catch (InvalidPathException wrong) {
            terminal.err().println("loghost: --config: " + wrong.getMessage() + " (expected: a file)");
            return CommandLine.ExitCode.USAGE;
        } catch (Exception failure) {
            return Failure.exitCode(failure, terminal.err());
        }
    }

    /** All of a start, and at once a stop. */
    static void startAndStop(Terminal terminal, Path config) throws Exception {
        ServeCommand command = new ServeCommand(terminal);
        command.options.config = config;
        command.serve(true);
    }

    @Override
    public Integer call() throws Exception {
        if (rehearse) {
            Rehearsal.run();
            return 0;
        }
        return serve(false);
    }

    private int serve(boolean stopAtOnce) throws Exception {
        LoghostConfig config = options.readNamed();
        // Signals count from the first moment; they are carried out, in their order, once the server has started.
        Signals.on("TERM", this::stop);
        Signals.on("INT", this::stop);
        MergedRuns reloads = new MergedRuns(() -> reload(started.join()));
        Signals.on("HUP", reloads::ask);
        Server server = Server.start(config, terminal.out());
        started.complete(server);
        server.announce();
        if (stopAtOnce) {
            server.stop();
        }
        server.awaitStop();
        return server.stoppedWell() ? 0 : 1;
    }

    private void stop() {
        if (stopping.compareAndSet(false, true)) {
            Thread watchdog = new Thread(this::endAnyway, "stop-watchdog");
            watchdog.setDaemon(true);
            watchdog.start();
            started.thenAccept(Server::stop);
        }
    }

    private void endAnyway() {
        long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
        Server server = started.getNow(null);
        logger.error(
                "Not stopped within {} s (still {}); ending the process",
                LONGEST_STOP.toSeconds(),
                server == null ? "starting" : "closing: " + server.closing());
        Runtime.getRuntime().halt(1);
    }

    private static void reload(Server server) {
        try {
            logger.info("Reload: {}", server.reload());
        } catch (IOException faulty) {
            logger.error("Reload failed, nothing changed: {}", faulty.getMessage());
        } catch (RuntimeException bug) {
            logger.error("Reload failed", bug);
        }
    }
}
