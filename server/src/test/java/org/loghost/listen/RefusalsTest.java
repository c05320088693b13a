package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loghost.metrics.Count;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class RefusalsTest {
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());
    private final Refusals refusals = new Refusals("udp [::]:514", metrics, notices);

    @Test
    void aFloodOfOneAddressIsCountedWholeAndNamedOnceASecond() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            refusals.address(InetAddress.getByAddress(new byte[] {(byte) 198, 51, 100, 7}), 1_000_000 + i);
        }
        assertThat(metrics.get(Count.REFUSED_ADDRESS)).isEqualTo(3_000);
        assertThat(notices.current()).singleElement().satisfies(notice -> {
            assertThat(notice.text())
                    .isEqualTo("refused at udp [::]:514, not in its access list (to accept one, add its address or"
                            + " network to allow): 198.51.100.7");
            assertThat(notice.times()).isEqualTo(3);
        });
    }

    @Test
    void aFloodOfAddressesIsBounded() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            refusals.address(
                    InetAddress.getByAddress(new byte[] {9, (byte) (i >> 16), (byte) (i >> 8), (byte) i}), 1_000_000);
        }
        assertThat(metrics.get(Count.REFUSED_ADDRESS)).isEqualTo(100_000);
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .contains("9.0.0.0; 9.0.0.1; 9.0.0.2; 9.0.0.3; 9.0.0.4 and others, the latest 9.0.0.255"));
    }

    @Test
    void dropsOfOnePortAreSummedUpFromTheKernelsTable() {
        List<String> table = List.of(
                "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref"
                        + " pointer drops",
                "  421: 00000000:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12345 2"
                        + " 0000000000000000 17",
                "  422: 0100007F:0202 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12346 2"
                        + " 0000000000000000 4",
                "  423: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12347 2"
                        + " 0000000000000000 99");
        assertThat(KernelDrops.sum(table, 514)).isEqualTo(21);
    }
}
