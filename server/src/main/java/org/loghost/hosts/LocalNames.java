package org.loghost.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The loghost's own short name, without asking DNS: the start must not wait for a server that may be down. */
final class LocalNames {
    private LocalNames() {}

    static String own() {
        String name = kernelName();
        int dot = name.indexOf('.');
        String safe = HostName.safe(dot > 0 ? name.substring(0, dot) : name);
        return safe.isEmpty() ? "loghost" : safe;
    }

    private static String kernelName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException notLinux) {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException nameless) {
                return "loghost";
            }
        }
    }
}
