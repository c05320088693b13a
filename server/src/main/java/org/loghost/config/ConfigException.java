package org.loghost.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A configuration that cannot be used; carries the faults found, in the file's order: the first twenty, and in words how
 * many more there are. What is no configuration at all has one in every line.
 */
public final class ConfigException extends Exception {
    /** Faults that are told. */
    static final int MOST_FAULTS = 20;

    private final transient List<Fault> faults;

    /** With at least one fault. */
    public ConfigException(List<Fault> faults) {
        super(bounded(faults).stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = bounded(faults);
    }

    /** The faults found. */
    public List<Fault> faults() {
        return faults;
    }

    private static List<Fault> bounded(List<Fault> faults) {
        if (faults.size() <= MOST_FAULTS) {
            return List.copyOf(faults);
        }
        List<Fault> some = new ArrayList<>(faults.subList(0, MOST_FAULTS));
        some.add(new Fault(
                faults.get(0).file(), 0, 0, "and " + (faults.size() - MOST_FAULTS) + " more faults after these"));
        return List.copyOf(some);
    }
}
