package org.loghost.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    /** RFC 5952 section 4: lower case, no leading zeros, the longest run of zeros shortened, the first of equal ones. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "FD00:0:0:0:0:0:0:2, fd00::2",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:0:0:0:0:0:0, 2001:db8::",
        "::ffff:192.0.2.7, 192.0.2.7",
        "fe80:0:0:0:0:0:0:1, fe80::1"
    })
    void theShortestFormIsWritten(String address, String text) throws UnknownHostException {
        assertThat(AddressText.of(InetAddress.getByName(address))).isEqualTo(text);
    }

    @Test
    void theZoneIsLeftOut() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        assertThat(AddressText.of(Inet6Address.getByAddress(null, bytes, 2))).isEqualTo("fe80::1");
    }

    @Test
    void whatIsWrittenReadsAsTheSameAddress() throws UnknownHostException {
        Random random = new Random(20261129);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[16];
            for (int group = 0; group < 8; group++) {
                if (random.nextBoolean()) {
                    bytes[2 * group + 1] = (byte) random.nextInt();
                    bytes[2 * group] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
                }
            }
            InetAddress address = InetAddress.getByAddress(bytes);
            assertThat(InetAddress.getByName(AddressText.of(address))).isEqualTo(address);
        }
    }
}
