package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

class SenderTableTest {
    private static final Listener UDP = new Listener("udp", Listener.Kind.UDP, false, ZoneOffset.UTC);

    private final SenderTable table = new SenderTable();

    @Test
    void floodOfAddressesDropsThoseNobodyAskedForAgain() throws Exception {
        for (int i = 0; i < SenderTable.MAX_SENDERS; i++) {
            table.add(new Sender(UDP, address(i)));
        }
        Sender regular = table.find(UDP, address(7));

        table.add(new Sender(UDP, address(SenderTable.MAX_SENDERS)));

        assertThat(table.find(UDP, address(7))).isSameAs(regular);
        assertThat(table.find(UDP, address(8))).isNull();
        assertThat(table.size(UDP)).isEqualTo(2);
    }

    @Test
    void staysBoundedWhenEverybodyComesAgain() throws Exception {
        for (int i = 0; i < 3 * SenderTable.MAX_SENDERS; i++) {
            table.add(new Sender(UDP, address(i)));
            table.find(UDP, address(i));
            if (i % 1000 == 0) {
                assertThat(table.size(UDP)).isLessThanOrEqualTo(SenderTable.MAX_SENDERS);
            }
        }
    }

    private static InetAddress address(int i) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i});
    }
}
