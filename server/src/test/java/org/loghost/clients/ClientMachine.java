package org.loghost.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.nio.file.Path;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.utility.MountableFile;

/**
 * A machine with a syslog daemon: a container with an address of its own, in which the server on this machine is called
 * {@code loghost}. The daemons' packages exclude each other, hence an image for each; the engine keeps them.
 */
final class ClientMachine implements AutoCloseable {
    private static final String AWAIT_SOCKET = "until [ -S /dev/log ]; do sleep 0.1; done; ";

    private final GenericContainer<?> container;

    private ClientMachine(GenericContainer<?> container) {
        this.container = container;
    }

    /** Starts a machine that has these Debian packages and runs none of them. */
    static ClientMachine with(String packages) {
        return start(container(packages));
    }

    /** As {@link #with}, with this folder of the machine that tests at the path {@code inside}, to be read. */
    static ClientMachine with(String packages, Path folder, String inside) {
        // Not by Testcontainers' own method: that tries mounts out with an image of a registry.
        Bind bind = new Bind(folder.toString(), new Volume(inside), AccessMode.ro);
        return start(container(packages)
                .withCreateContainerCmdModifier(
                        command -> command.getHostConfig().withBinds(bind)));
    }

    private static GenericContainer<?> container(String packages) {
        String name = "loghost-test-" + packages.replace(' ', '-');
        ImageFromDockerfile image = new ImageFromDockerfile(name, false)
                .withDockerfileFromBuilder(builder -> builder.from("debian:bookworm-slim")
                        .run("apt-get update && apt-get install -y --no-install-recommends " + packages
                                + " && rm -rf /var/lib/apt/lists/*")
                        .build());
        return new GenericContainer<>(image)
                .withExtraHost("loghost", "host-gateway")
                .withCommand("sleep", "infinity");
    }

    private static ClientMachine start(GenericContainer<?> container) {
        try {
            container.start();
        } catch (RuntimeException failed) {
            container.stop();
            throw failed;
        }
        return new ClientMachine(container);
    }

    /** Copies a file or a folder into the machine. */
    void copy(Path file, String inside) {
        container.copyFileToContainer(MountableFile.forHostPath(file, 0755), inside);
    }

    /** Copies a file of the machine out of it. */
    void copyOut(String inside, Path file) {
        container.copyFileFromContainer(inside, file.toString());
    }

    /** Runs a shell script as root, which must succeed, and returns what it printed. */
    String sh(String script) throws IOException, InterruptedException {
        ExecResult result = exec(script);
        assertThat(result.getExitCode())
                .as("%s%n%s%s", script, result.getStdout(), result.getStderr())
                .isZero();
        return result.getStdout();
    }

    /** Runs a shell script as root. */
    ExecResult exec(String script) throws IOException, InterruptedException {
        return container.execInContainer("sh", "-c", script);
    }

    /** Logs through the machine's daemon, once it listens; the arguments are of {@code logger}. */
    void log(String arguments) throws IOException, InterruptedException {
        sh(AWAIT_SOCKET + "logger " + arguments);
    }

    String hostname() {
        return container.getContainerInfo().getConfig().getHostName();
    }

    String address() {
        return container
                .getContainerInfo()
                .getNetworkSettings()
                .getNetworks()
                .values()
                .iterator()
                .next()
                .getIpAddress();
    }

    @Override
    public void close() {
        container.stop();
    }
}
