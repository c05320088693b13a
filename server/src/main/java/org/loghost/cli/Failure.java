package org.loghost.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import org.loghost.config.ConfigException;
import org.loghost.config.Fault;
import org.loghost.file.IoReason;
import org.loghost.listen.ListenException;
import picocli.CommandLine.ExitCode;

/** What a command that ended with an exception tells the operator: never a stack trace, unless asked for. */
final class Failure {
    /** Set, a bug shows where it happened. */
    private static final String DEBUG = "LOGHOST_DEBUG";

    private Failure() {}

    /** Says it and returns the exit code. */
    static int exitCode(Exception failure, PrintStream err) {
        if (failure instanceof ConfigException config) {
            for (Fault fault : config.faults()) {
                err.println(fault);
            }
            return ExitCode.USAGE;
        }
        if (isFault(failure) && failure.getMessage() != null) {
            Throwable told = failure.getCause() instanceof IOException cause && failure instanceof UncheckedIOException
                    ? cause
                    : failure;
            err.println("loghost: " + told.getMessage() + reason(told));
            return ExitCode.SOFTWARE;
        }
        err.println("loghost: a bug: " + failure + " (set " + DEBUG + "=1 to see where)");
        if (System.getenv(DEBUG) != null) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    /** The message of most of these is the bare path. */
    private static String reason(Throwable failure) {
        return failure instanceof FileSystemException system && system.getReason() == null
                ? ": " + IoReason.of(system)
                : "";
    }

    /** What an operator can mend, as against a bug; its message says what to do. */
    private static boolean isFault(Exception failure) {
        return failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof ListenException;
    }
}
