package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DemoScriptTest {
    private static final ZonedDateTime END = ZonedDateTime.of(2026, 11, 2, 6, 31, 0, 0, ZoneOffset.ofHours(1));

    @Test
    void theShippedTrafficIsAMinuteOfADozenHosts() throws IOException {
        DemoScript script = DemoScript.shipped();
        List<DemoScript.Message> messages = script.messages(END);
        assertThat(messages).hasSizeBetween(300, 600);
        assertThat(messages).allMatch(message -> message.second() >= 0 && message.second() < 60);
        Map<String, Long> perHost =
                messages.stream().collect(Collectors.groupingBy(m -> m.host().name(), Collectors.counting()));
        assertThat(perHost.keySet()).isEqualTo(script.hosts().keySet()).hasSizeGreaterThanOrEqualTo(12);
        assertThat(messages).noneMatch(message -> message.text().matches(".*\\{[a-z]+}.*"));
    }

    @Test
    void placeholdersAreFilledWithTheTimeOfTheSecond() throws IOException {
        List<DemoScript.Message> messages = read("""
                        # a comment

                        host a 127.0.0.9 udp
                        58 a <13>{time} a x[{pid}]: {n} {port}
                        0 x2/3 a <13>1 {iso} a {date} {clock} {epoch} {n}{esc}
                        """).messages(END);
        assertThat(messages)
                .extracting(DemoScript.Message::text)
                .containsExactly(
                        "<13>1 2026-11-02T06:30:00.000+01:00 a 2026-11-02 06:30:00 1793597400 1\u001b",
                        "<13>1 2026-11-02T06:30:03.000+01:00 a 2026-11-02 06:30:03 1793597403 2\u001b",
                        "<13>Nov  2 06:30:58 a x[2007]: 1 40013");
    }

    @Test
    void aLineThatIsNoneIsNamed() {
        assertThatThrownBy(() -> read("host a 127.0.0.9 udp\n1 b text\n"))
                .hasMessageStartingWith("demo/traffic.txt:2: ");
    }

    @Test
    void eachHostSendsByItsOwnWireAndAddress() throws IOException {
        DemoScript script = read("""
                host a 127.0.0.9 udp
                host b 127.0.0.10 tcp
                host c 127.0.0.11 tcp-counted
                0 a one
                1 b two
                2 c drei ü
                """);
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (DatagramSocket udp = new DatagramSocket(0, loopback);
                ServerSocket tcp = new ServerSocket(0, 5, loopback)) {
            DemoSender sender = new DemoSender(
                    new InetSocketAddress(loopback, udp.getLocalPort()),
                    new InetSocketAddress(loopback, tcp.getLocalPort()));
            for (DemoScript.Message message : script.messages(END)) {
                sender.send(message);
            }
            sender.close();
            DatagramPacket packet = new DatagramPacket(new byte[100], 100);
            udp.receive(packet);
            assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8))
                    .isEqualTo("one");
            assertThat(packet.getAddress().getHostAddress()).isIn("127.0.0.9", "127.0.0.1");
            assertThat(received(tcp)).isEqualTo("two\n");
            assertThat(received(tcp)).isEqualTo("7 drei ü");
        }
    }

    private static String received(ServerSocket tcp) throws IOException {
        try (Socket socket = tcp.accept();
                InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static DemoScript read(String text) throws IOException {
        return DemoScript.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
