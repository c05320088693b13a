package org.loghost.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.loghost.config.ConfigException;
import org.loghost.config.Fault;
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
            err.println("loghost: " + failure.getMessage() + reason(failure));
            return ExitCode.SOFTWARE;
        }
        err.println("loghost: a bug: " + failure + " (set " + DEBUG + "=1 to see where)");
        if (System.getenv(DEBUG) != null) {
            failure.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    /** The message of these is the bare path. */
    private static String reason(Exception failure) {
        if (failure instanceof AccessDeniedException) {
            return ": permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return ": no such file or folder";
        }
        return failure instanceof FileAlreadyExistsException ? ": is in the way" : "";
    }

    /** What an operator can mend, as against a bug; its message says what to do. */
    private static boolean isFault(Exception failure) {
        return failure instanceof IOException
                || failure instanceof UncheckedIOException
                || failure instanceof ListenException;
    }
}
