package org.loghost.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used; carries every fault found, in the file's order. */
public final class ConfigException extends Exception {
    private final transient List<Fault> faults;

    /** With at least one fault. */
    public ConfigException(List<Fault> faults) {
        super(faults.stream().map(Fault::toString).collect(Collectors.joining("\n")));
        this.faults = List.copyOf(faults);
    }

    /** Every fault found. */
    public List<Fault> faults() {
        return faults;
    }
}
