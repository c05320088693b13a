package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamingTest {
    private final HostNaming naming = naming(
            Map.of("192.0.2.9", "Web01.Example.COM", "127.0.0.5", "tunnel"),
            Map.of(
                    "WWW", "web01.example.com",
                    "mail.example.org", "mx",
                    "192.0.2.8", "web01",
                    "2001:db8:0::8", "web01",
                    "ring1", "ring2",
                    "ring2", "ring1",
                    "old", "www"),
            List.of("Example.com", "2.5"));

    @ParameterizedTest
    @CsvSource({
        "web01, web01",
        "WEB01.example.com, web01",
        "www, web01",
        "www.EXAMPLE.com, web01",
        "old.example.com, web01",
        "192.0.2.9, web01",
        "192.0.2.8, web01",
        "2001:db8::8, web01",
        "mail.example.org, mx",
        "mail, mail",
        "web01.example.org, web01.example.org",
        "notexample.com, notexample.com",
        "example.com, example.com",
        "10.1.2.5, 10.1.2.5",
        "127.0.0.5, tunnel",
        "localhost, ''",
        "LocalHost.LocalDomain, ''",
        "localhost.example.com, ''",
        "127.0.0.1, ''",
        "::1, ''",
        "..., ''"
    })
    void namesAreJoined(String raw, String host) {
        assertThat(naming.host(raw)).isEqualTo(host);
    }

    @Test
    void ringOfAliasesEnds() {
        assertThat(naming.host("ring1")).isIn("ring1", "ring2");
    }

    @Test
    void addressesAreConfiguredByNameOrAlias() throws Exception {
        assertThat(naming.configured(InetAddress.getByName("192.0.2.9"))).isEqualTo("web01");
        assertThat(naming.configured(InetAddress.getByName("2001:db8::8"))).isEqualTo("web01");
        assertThat(naming.configured(InetAddress.getByName("192.0.2.10"))).isNull();
        assertThat(naming.isConfigured("web01")).isTrue();
        assertThat(naming.isConfigured("mx")).isFalse();
    }

    private static HostNaming naming(Map<String, String> names, Map<String, String> aliases, List<String> domains) {
        return new HostNaming(
                new HostsConfig(names, aliases, domains, true, List.of(), Duration.ofSeconds(1), 100_000, 2_000));
    }
}
