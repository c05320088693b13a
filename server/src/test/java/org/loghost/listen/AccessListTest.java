package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessListTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.8, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "10.1.2.3/8, 10.9.9.9, true",
        "::ffff:192.0.2.0/24, 192.0.2.9, true",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::8000:0:0:0/65, 2001:db8:0:0:8000::1, true",
        "2001:db8:0:0:8000::/65, 2001:db8:0:0:7fff::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "0.0.0.0/0, 203.0.113.1, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 203.0.113.1, true",
        "::/0, 2001:db8::1, true",
        "2001:db8::/32, 10.0.0.1, false",
    })
    void allowsWhatLiesInTheNetwork(String network, String address, boolean allowed) throws Exception {
        if (network.startsWith("::ffff:")) {
            network = network.substring("::ffff:".length()); // an IPv4-mapped address is read as IPv4
        }
        assertThat(AccessList.of(List.of(network)).allows(InetAddress.getByName(address)))
                .isEqualTo(allowed);
    }

    @Test
    void aMappedAddressCountsAsIpv4() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        InetAddress address = java.net.Inet6Address.getByAddress(null, mapped, -1);
        assertThat(AccessList.of(List.of("10.0.0.0/8")).allows(address)).isTrue();
        assertThat(AccessList.of(List.of("11.0.0.0/8")).allows(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "::1", "10.1.1.1", "172.31.0.1", "192.168.1.1", "fd00::1", "169.254.1.1", "fe80::1"
            })
    void byDefaultOwnNetworksMaySend(String address) throws Exception {
        assertThat(AccessList.of(List.of()).allows(InetAddress.getByName(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7", "172.32.0.1", "2001:db8::1", "8.8.8.8"})
    void byDefaultOthersMayNot(String address) throws Exception {
        assertThat(AccessList.of(List.of()).allows(InetAddress.getByName(address)))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/33 | a number of bits from 0 to 32",
                "::/129 | a number of bits from 0 to 128",
                "10.0.0.0/-1 | a number of bits",
                "10.0.0.0/+8 | a number of bits",
                "10.0.0.0/ | a number of bits",
                "10.0.0.0/8/8 | a number of bits",
                "10.0.0.0/0 | a mask of 0 bits allows everyone; write 0.0.0.0/0 or ::/0",
                "fe80::/0 | a mask of 0 bits allows everyone",
                "10.0.0/8 | a network such as 10.0.0.0/8",
                "example.com | a network such as 10.0.0.0/8",
                "'' | a network such as 10.0.0.0/8",
            })
    void aWrongEntryIsNamedWithWhatWasExpected(String entry, String expected) {
        assertThat(AccessList.fault(entry)).startsWith("allow: \"" + entry + "\" (expected: " + expected);
        assertThatThrownBy(() -> AccessList.of(List.of("10.0.0.0/8", entry)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(AccessList.fault(entry));
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "fd00::2", "2001:db8::1:0:0:1", "fe80::1", "::ffff:192.0.2.7", "::1", "::"})
    void whatIsShownOfASenderIsAcceptedAndAllowsIt(String text) throws Exception {
        InetAddress address = InetAddress.getByName(text);
        if (address instanceof java.net.Inet6Address six) {
            address = java.net.Inet6Address.getByAddress(null, six.getAddress(), 3);
        }
        String shown = org.loghost.message.AddressText.of(address);
        assertThat(AccessList.fault(shown)).isNull();
        assertThat(AccessList.of(List.of(shown)).allows(address)).isTrue();
        String network = SenderNetwork.text(address);
        assertThat(AccessList.fault(network)).isNull();
        assertThat(AccessList.of(List.of(network)).allows(address)).isTrue();
    }

    @Test
    void aRightEntryHasNoFault() {
        assertThat(AccessList.fault("10.0.0.0/8")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "[::]:514, 514, 0:0:0:0:0:0:0:0",
        "0.0.0.0:5514, 5514, 0.0.0.0",
        "127.0.0.1:0, 0, 127.0.0.1",
        "[::1]:65535, 65535, 0:0:0:0:0:0:0:1"
    })
    void readsWhereToBind(String text, int port, String address) {
        BindAddress bind = BindAddress.parse(text);
        assertThat(bind.port()).isEqualTo(port);
        assertThat(bind.address().getHostAddress()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":514",
                "514",
                "::514",
                "::1:514",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "localhost:514",
                "[127.0.0.1]:514",
                "[::]514",
                "[::]:x"
            })
    void aWrongBindIsNamedWithWhatWasExpected(String text) {
        assertThat(BindAddress.fault(text)).startsWith("bind: \"" + text + "\" (expected: address and port as in");
    }
}
