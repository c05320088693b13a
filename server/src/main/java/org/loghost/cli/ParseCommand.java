package org.loghost.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.loghost.frame.FrameReceiver;
import org.loghost.hosts.HostSpelling;
import org.loghost.parse.ParseJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost parse}: shows how messages are understood. */
@Command(
        name = "parse",
        description = {
            "Shows how syslog messages are understood: messages on standard input, one JSON object a line out, with"
                    + " pri, facility, severity, timestamp, host, program, pid, msgid, structured_data, message, line (as"
                    + " the archive has it), format and malformed.",
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:standard input could not be read", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  echo '<34>Oct 11 22:14:15 mymachine su: failed' | loghost parse",
            "  echo '<13>Oct 11 22:14:15 h su: a\\x00b' | loghost parse --escaped --now 2026-10-11T22:15:00Z",
            "  loghost parse --stream < capture.bin%n"
        })
final class ParseCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--escaped", description = "Read \\xNN in the input as that byte.")
    private boolean escaped;

    @Option(
            names = "--stream",
            description = "Read the input as the bytes of one TCP connection: octet-counted or LF, frame by frame.")
    private boolean stream;

    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Who sent it: the host of messages that name none (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String sender;

    @Option(
            names = "--now",
            paramLabel = "INSTANT",
            description = "When it came, as 2026-11-22T06:30:00Z (default: now).")
    private @Nullable Instant now;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Zone of time stamps without one, as Europe/Berlin (default: the machine's).")
    private @Nullable ZoneId zone;

    ParseCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        HostSpelling names = new HostSpelling(options.read().hosts(), sender);
        ParseJson json = new ParseJson(sender, zone == null ? ZoneId.systemDefault() : zone, names);
        FrameReceiver print = (bytes, offset, length, flags) -> {
            Instant received = now == null ? Instant.now() : now;
            String object = json.json(Arrays.copyOfRange(bytes, offset, offset + length), received, flags);
            if (object != null) {
                terminal.out().println(object);
                if (terminal.out().checkError()) {
                    throw new NobodyReads();
                }
            }
        };
        try {
            if (stream) {
                ParseInput.stream(terminal.in(), escaped, print);
            } else {
                ParseInput.lines(terminal.in(), escaped, print);
            }
        } catch (NobodyReads end) {
            return 0; // as of head, which has seen enough
        }
        return 0;
    }

    /** Ends the reading when standard output is closed. */
    private static final class NobodyReads extends RuntimeException {
        NobodyReads() {
            super("standard output is closed", null, false, false);
        }
    }
}
