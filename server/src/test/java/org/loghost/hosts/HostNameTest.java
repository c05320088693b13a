package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNameTest {

    @ParameterizedTest
    @CsvSource({
        "../../etc/cron.d/x, etc-cron.d-x",
        "--checkpoint-action=exec=sh, checkpoint-action-exec-sh",
        "..., ''",
        ".., ''",
        "., ''",
        "---, ''",
        "___, ''",
        "_dmarc, _dmarc",
        "web01., web01",
        "web01-, web01-",
        "WEB_01, web_01",
        "slot1/bigip1, slot1-bigip1",
        "2607:f0d0:1002:51::4, 2607-f0d0-1002-51--4",
        "2607:F0D0:1002:0051:0:0:0:4, 2607-f0d0-1002-51--4",
        "::5, 0--5",
        "::ffff:192.0.2.7, 192.0.2.7",
        "[10.0.0.143], 10.0.0.143",
        "[2001:db8::1], 2001-db8--1",
        "fe80::1%eth0, fe80--1",
        ".hidden, hidden",
        "${jndi:ldap://x}, jndi-ldap---x-",
        "'U7PG2,788a2056b182,v4.0', 'u7pg2-788a2056b182-v4.0'"
    })
    void everyNameBecomesASafeFolder(String sent, String safe) {
        assertThat(HostName.safe(sent)).isEqualTo(safe);
    }

    @Test
    void controlAndEightBitBytesAreReplaced() {
        assertThat(HostName.safe("a\0b\u001b[2Jc\n")).isEqualTo("a-b--2jc-");
        assertThat(HostName.safe(new String("bär".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
                .isEqualTo("b--r");
        assertThat(HostName.safe("\u0130stanbul"))
                .as("no letter of another alphabet")
                .isEqualTo("stanbul");
    }

    @Test
    void longNamesStayApart() {
        String first = HostName.safe("a".repeat(299) + "1");
        String second = HostName.safe("a".repeat(299) + "2");

        assertThat(first).hasSize(200).isNotEqualTo(second);
        assertThat(second).hasSize(200);
        assertThat(HostName.safe("a".repeat(200))).isEqualTo("a".repeat(200));
    }

    @Test
    void whateverIsSentIsSafeAndSafeNamesStay() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] sent = new byte[1 + random.nextInt(300)];
            for (int at = 0; at < sent.length; at++) {
                sent[at] = (byte) (random.nextBoolean() ? ".-/:[]%aA0".charAt(random.nextInt(10)) : random.nextInt());
            }
            String raw = new String(sent, StandardCharsets.ISO_8859_1);
            String safe = HostName.safe(raw);
            assertThat(safe).as("seed %s, sent %s", seed, raw).matches("(?:[a-z0-9_][a-z0-9._-]{0,199})?");
            assertThat(HostName.safe(safe)).as("seed %s, sent %s", seed, raw).isEqualTo(safe);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, true", "::1, true", "127.0.0.2, false", "127.1.0.1, false", "192.0.0.1, false", "::2, false"
    })
    void onlyTheUsualLoopbackAddressesAreThisMachine(String address, boolean own) throws Exception {
        assertThat(HostName.isThisMachine(InetAddress.getByName(address))).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, true", "2001-db8--1, true", "0--5, true", "web01, false", "a-b-c, false", "2001-db8, false"
    })
    void namesOfAddressesAreRecognised(String safe, boolean address) {
        assertThat(HostName.isAddress(safe)).isEqualTo(address);
    }
}
