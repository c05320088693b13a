package org.loghost.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.loghost.Server;
import org.loghost.config.LoghostConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
            "1:could not start, or did not end in time",
            "2:wrong usage or configuration"
        },
        footerHeading = "%nExample:%n",
        footer = "  loghost serve --config /etc/loghost/loghost.toml%n")
final class ServeCommand implements Callable<Integer> {
    private static final Logger logger = LogManager.getLogger(ServeCommand.class);
    /** The server gives up by itself after 10 s; this is for the case that it cannot. */
    private static final Duration LONGEST_STOP = Duration.ofSeconds(12);

    private final Terminal terminal;
    private final AtomicBoolean stopping = new AtomicBoolean();

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    ServeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        LoghostConfig config = options.read();
        // A signal before the handlers below ends the process at once.
        Server server = Server.start(config, terminal.out());
        Signals.on("TERM", () -> stop(server));
        Signals.on("INT", () -> stop(server));
        Signals.on("HUP", () -> reload(server));
        server.awaitStop();
        return 0;
    }

    private void stop(Server server) {
        if (stopping.compareAndSet(false, true)) {
            Thread watchdog = new Thread(ServeCommand::endAnyway, "stop-watchdog");
            watchdog.setDaemon(true);
            watchdog.start();
            server.stop();
        }
    }

    private static void endAnyway() {
        long deadline = System.nanoTime() + LONGEST_STOP.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
        logger.error("Not stopped within {} s; ending the process", LONGEST_STOP.toSeconds());
        Runtime.getRuntime().halt(1);
    }

    private static void reload(Server server) {
        try {
            logger.info("Reload: {}", server.reload());
        } catch (IOException faulty) {
            logger.error("Reload failed, nothing changed: {}", faulty.getMessage());
        }
    }
}
