package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

class SenderCacheTest {
    private final FakeHosts hosts = new FakeHosts();
    private final Listener listener = new Listener("udp test", Listener.Kind.UDP, false, ZoneOffset.UTC);
    private final SenderCache cache =
            new SenderCache(AccessList.of(List.of("10.0.0.0/8", "fd00::/8")), hosts, listener, 8);

    @Test
    void eachAddressGetsItsOwnSenderThoughThereAreMoreThanPlaces() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            int number = random.nextInt(2_000);
            Sender sender = cache.sender(ipv4(10, number));
            assertThat(sender).isSameAs(hosts.sender(listener, ipv4(10, number)));
        }
    }

    @Test
    void addressesChosenToCollideDoNotMixUp() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            InetAddress address = colliding(i);
            assertThat(address.hashCode()).isEqualTo(colliding(0).hashCode());
            assertThat(cache.sender(address)).isSameAs(hosts.sender(listener, address));
        }
    }

    @Test
    void whoMayNotSendHasNoSender() throws Exception {
        assertThat(cache.sender(ipv4(11, 1))).isNull();
        assertThat(hosts.senders).isEmpty();
    }

    private static InetAddress ipv4(int first, int number) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) first, 0, (byte) (number >> 8), (byte) number});
    }

    /** The hash of an IPv6 address is the sum of its four words: what one gains another may lose. */
    private static InetAddress colliding(int i) throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfd;
        bytes[10] = (byte) (i / 100);
        bytes[11] = (byte) (i % 100);
        bytes[14] = (byte) (100 - i / 100);
        bytes[15] = (byte) (100 - i % 100);
        return Inet6Address.getByAddress(null, bytes, -1);
    }
}
