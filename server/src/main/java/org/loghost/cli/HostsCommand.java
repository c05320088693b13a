package org.loghost.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.loghost.control.ControlClient;
import org.loghost.control.Question;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loghost hosts}. */
@Command(
        name = "hosts",
        description = "List the hosts the running server knows: last seen, lines, address.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the server does not run or did not answer", "2:wrong usage or configuration"},
        footerHeading = "%nExample:%n",
        footer = "  loghost hosts --config /etc/loghost/loghost.toml")
final class HostsCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Terminal terminal;

    @Mixin
    private final ConfigOptions options = new ConfigOptions();

    @Option(names = "--json", description = "As one JSON array, for programs.")
    private boolean json;

    HostsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        ControlClient client = new ControlClient(options.read().control().path());
        terminal.out()
                .println(client.ask(json ? Question.HOSTS_JSON : Question.HOSTS, PATIENCE)
                        .stripTrailing());
        return 0;
    }
}
