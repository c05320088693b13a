package org.loghost.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where the process begins: runs the command, and ends with its exit code.
 *
 * <p>{@code serve} and {@code serve --config FILE}, as services start it, are understood without picocli: its class files
 * are of a version that no archive of prepared classes takes, and only to look for them takes a tenth of the start.
 * Hence nothing here, nor what it calls for a plain {@code serve}, may name one of its types.
 */
public final class Start {
    private Start() {}

    /** Runs the command named by the arguments. */
    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals("serve")) {
            HeadStart.begin();
        }
        PrintStream out = utf8(FileDescriptor.out);
        PrintStream err = utf8(FileDescriptor.err);
        Terminal terminal = new Terminal(System.in, out, err);
        int code = run(terminal, args);
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** What a command holds is garbage once its error comes here: saying it finds memory again. */
    private static int run(Terminal terminal, String... args) {
        try {
            return isPlainServe(args) ? ServeCommand.serve(terminal, args) : Main.run(terminal, args);
        } catch (OutOfMemoryError e) {
            terminal.err()
                    .println("loghost: out of memory: " + (Runtime.getRuntime().maxMemory() >> 20)
                            + " MiB of heap are not enough for this (to allow more: LOGHOST_JAVA_OPTS=-Xmx1g)");
            return 1;
        }
    }

    private static boolean isPlainServe(String... args) {
        return args.length > 0
                && args[0].equals("serve")
                && (args.length == 1 || (args.length == 3 && args[1].equals("--config") && !args[2].startsWith("-")));
    }

    /** Names and lines are UTF-8, whatever the locale of a cron job or a container is. */
    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor), 8192), true, StandardCharsets.UTF_8);
    }
}
