package org.loghost.config;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the defaults take from the machine the server runs on.
 *
 * @param name its full name as far as its files tell
 * @param zone its time zone
 * @param home where the shipped rules are: {@code <home>/rules}; null when unknown
 */
record Machine(String name, ZoneId zone, @Nullable Path home) {
    /** Set by the start script to the folder that holds {@code bin}, {@code rules} and the rest. */
    static final String HOME = "loghost.home";

    private static final Pattern SEARCH = Pattern.compile("(?m)^(?:domain|search)\\s+([A-Za-z0-9][A-Za-z0-9.-]*)");

    static Machine here() {
        String kernel = contents("/proc/sys/kernel/hostname").strip();
        return new Machine(
                fullName(kernel.isEmpty() ? "localhost" : kernel, contents("/etc/hosts"), contents("/etc/resolv.conf")),
                ZoneId.systemDefault(),
                findHome());
    }

    /**
     * The kernel's name when it is a full one, else the full one that the hosts file gives it, else with the resolver's
     * first domain. DNS is not asked: every small command reads the configuration, also while DNS is out.
     */
    static String fullName(String kernel, String hosts, String resolver) {
        if (kernel.contains(".") || kernel.equals("localhost")) {
            return kernel;
        }
        Matcher full = Pattern.compile("(?m)^[^#\\n]*\\s(" + Pattern.quote(kernel) + "\\.[A-Za-z0-9.-]+)")
                .matcher(hosts);
        if (full.find()) {
            return full.group(1);
        }
        Matcher search = SEARCH.matcher(resolver);
        return search.find() ? kernel + "." + search.group(1) : kernel;
    }

    private static String contents(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException absent) {
            return "";
        }
    }

    private static @Nullable Path findHome() {
        String set = System.getProperty(HOME);
        return set == null ? besideTheClasses() : Path.of(set).toAbsolutePath().normalize();
    }

    /** Started without the script: the classes are in {@code <home>/target/…}. */
    private static @Nullable Path besideTheClasses() {
        try {
            Path code = Path.of(Machine.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path home = code.resolve("../..").normalize();
            return Files.isDirectory(home.resolve("rules")) ? home : null;
        } catch (URISyntaxException | RuntimeException unknown) {
            return null;
        }
    }
}
