package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process of its own, as the C library's language is chosen at its start; where no German is installed it speaks English. */
class OtherLanguageTest {

    @Test
    void aPortInUseIsUnderstoodWhereTheSystemSpeaksGerman() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessBuilder command = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    TakenPort.class.getName(),
                    "127.0.0.1:" + taken.getLocalPort());
            command.environment().putAll(Map.of("LANGUAGE", "de", "LC_ALL", "C.UTF-8"));
            Process process = command.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            assertThat(output).contains("the port is in use");
        }
    }

    /** Binds to a port that is taken, and prints the fault. */
    static final class TakenPort {
        private TakenPort() {}

        public static void main(String... args) {
            Transport transport = Transport.best();
            EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
            try {
                Ports.bind(
                        "tcp " + args[0],
                        BindAddress.parse(args[0]),
                        (where, family) -> new ServerBootstrap()
                                .group(group)
                                .channelFactory(transport.serverChannels(family))
                                .childHandler(new ChannelInboundHandlerAdapter())
                                .bind(where.toSocketAddress()));
            } catch (BindFault fault) {
                System.out.println(fault.getMessage());
            }
            System.exit(0);
        }
    }
}
