package org.loghost.clients;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A folder that {@code client-setup/setup.sh} takes for the root of a machine: with files, processes and tools of the
 * test's own. Of this machine it has the tools every system has, and nothing else.
 */
final class SetupMachine implements AutoCloseable {
    private static final List<String> TOOLS = List.of(
            "sh", "awk", "cat", "cmp", "cp", "date", "dirname", "grep", "head", "ls", "mkdir", "nohup", "readlink");
    private static final List<String> MORE_TOOLS =
            List.of("rm", "sed", "sleep", "sort", "stat", "tail", "timeout", "tr", "true", "bash");

    private final Path root;
    private final Path tools;
    private final ServerSocketChannel log;

    /** A machine with systemd and without a syslog daemon; {@code loghost} is 192.0.2.1 for it. */
    SetupMachine(Path folder) throws IOException {
        root = Files.createDirectories(folder.toRealPath().resolve("root"));
        tools = Files.createDirectories(root.resolve("tools"));
        log = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        for (String made : List.of("etc/default", "dev", "run/systemd/system")) {
            Files.createDirectories(root.resolve(made));
        }
        log.bind(UnixDomainSocketAddress.of(root.resolve("dev/log")));
        for (String name : Stream.concat(TOOLS.stream(), MORE_TOOLS.stream()).toList()) {
            Path real = Stream.of("/bin", "/usr/bin")
                    .map(dir -> Path.of(dir, name))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            Files.createSymbolicLink(tools.resolve(name), real);
        }
        process("self", "pid:[1]", root, "sh", "sh");
        tool(
                "getent",
                "case $2 in loghost | localhost) echo '192.0.2.1 STREAM loghost' ;; 127.0.0.1) echo 127.0.0.1 ;; v6)"
                        + " echo 2001:db8::1 ;; both) echo 2001:db8::1; echo 192.0.2.2 ;; *) exit 2 ;; esac");
        tool("logger", "echo \"$*\" >>" + root.resolve("received"));
        tool("systemctl", "case $1 in cat | is-active) ;; *) echo \"$*\" >>" + root.resolve("systemctl") + " ;; esac");
    }

    /** The lines of this file, which are the machine's. */
    SetupMachine file(String path, String text) throws IOException {
        Files.createDirectories(root.resolve(path).getParent());
        Files.writeString(root.resolve(path), text);
        return this;
    }

    SetupMachine without(String path) throws IOException {
        try (Stream<Path> below = Files.walk(root.resolve(path))) {
            for (Path file : below.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
        return this;
    }

    SetupMachine tool(String name, String body) throws IOException {
        Path file = tools.resolve(name);
        Files.deleteIfExists(file);
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return this;
    }

    /** A process of this machine. */
    SetupMachine process(long pid, String... command) throws IOException {
        return process(
                Long.toString(pid),
                "pid:[1]",
                root,
                Path.of(command[0]).getFileName().toString(),
                command);
    }

    /** A process with this process namespace and root folder. */
    SetupMachine process(String pid, String namespace, Path itsRoot, String name, String... command)
            throws IOException {
        Path folder = root.resolve("proc").resolve(pid);
        Files.createDirectories(folder.resolve("ns"));
        Files.writeString(folder.resolve("comm"), name + "\n");
        Files.writeString(folder.resolve("cmdline"), String.join("\0", command) + "\0");
        link(folder.resolve("ns/pid"), Path.of(namespace));
        link(folder.resolve("root"), itsRoot);
        link(folder.resolve("exe"), Path.of(command[0]));
        return this;
    }

    private static void link(Path link, Path target) throws IOException {
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, target);
    }

    Path path(String path) {
        return root.resolve(path);
    }

    String read(String path) throws IOException {
        return Files.readString(root.resolve(path));
    }

    boolean has(String path) {
        return Files.exists(root.resolve(path));
    }

    /** Runs {@code setup.sh} with these words as arguments; {@code '…'} keeps words together. */
    Result setup(String arguments) throws IOException, InterruptedException {
        String script =
                Repository.path("client-setup/setup.sh").toAbsolutePath().toString();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "exec /bin/sh '" + script + "' " + arguments);
        Map<String, String> environment = builder.environment();
        environment.put("PATH", tools.toString());
        environment.put("LOGHOST_SETUP_ROOT", root.toString());
        environment.put("LOGHOST_SETUP_WAIT", "1");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), said.replace(root.toString(), ""));
    }

    @Override
    public void close() throws IOException {
        log.close();
        // A temporary folder warns of each link out of it.
        try (Stream<Path> below = Files.walk(root)) {
            for (Path link : below.filter(Files::isSymbolicLink).toList()) {
                Files.delete(link);
            }
        }
    }

    /** The exit code, and all that was printed, with the machine's paths. */
    record Result(int code, String said) {}
}
