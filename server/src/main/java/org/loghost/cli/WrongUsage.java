package org.loghost.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What an operator is told whose command line is wrong: what, and what is expected instead. */
final class WrongUsage {
    private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(int.class, Integer.class, long.class, Long.class);

    private WrongUsage() {}

    static String said(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        }
        ArgSpec argument = wrong.getArgSpec();
        String expected = argument == null || wrong.getValue() == null ? null : expected(argument);
        return expected == null
                ? String.valueOf(wrong.getMessage())
                : name(argument) + ": '" + wrong.getValue() + "' (expected: " + expected + ")";
    }

    /** The first one alone: what follows an unknown option may be its value. */
    private static String unmatched(UnmatchedArgumentException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String first = wrong.getUnmatched().get(0);
        List<String> near = wrong.getSuggestions();
        if (wrong.isUnknownOption()) {
            return "unknown option " + first + instead(near, command);
        }
        if (!command.subcommands().isEmpty()) {
            return "unknown command '" + first + "'" + instead(near, command);
        }
        return "'" + first + "' is one too many" + instead(List.of(), command);
    }

    private static String instead(List<String> near, CommandSpec command) {
        String meant = near.isEmpty() ? "" : String.join(" or ", near) + ", or ";
        return " (expected: " + meant + "what " + command.qualifiedName() + " --help lists)";
    }

    private static @Nullable String expected(ArgSpec argument) {
        if (WHOLE_NUMBERS.contains(argument.type())) {
            return "a whole number";
        }
        Object[] constants = argument.type().getEnumConstants();
        return constants == null
                ? null
                : Stream.of(constants)
                        .map(one -> one.toString().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(" or "));
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }
}
