package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> tried = new ArrayList<>();

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed to open a socket.",
                "IPv6 not available",
                "socket(..) failed with error(-97): Address family not supported by protocol",
                "bind(..) failed with error(-99): Cannot assign requested address"
            })
    void withoutIpv6TheAnyAddressIsBoundByIpv4(String reason) throws Exception {
        assertThat(bind("[::]:514", reason)).isSameAs(channel);
        assertThat(tried).containsExactly("INET6 0:0:0:0:0:0:0:0", "INET 0.0.0.0");
    }

    @Test
    void withIpv6NothingElseIsTried() throws Exception {
        bind("[::]:514", null);
        assertThat(tried).containsExactly("INET6 0:0:0:0:0:0:0:0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bind(..) failed with error(-98): Address already in use", "Permission denied"})
    void aPortThatIsTakenOrForbiddenIsTheFault(String reason) {
        assertThatThrownBy(() -> bind("[::]:514", reason)).isInstanceOf(BindFault.class);
        assertThat(tried).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "bind(..) failed with error(-98): Die Adresse wird bereits verwendet, the port is in use, false",
        "bind(..) failed with error(-13): Keine Berechtigung, permission denied, true"
    })
    void inAnyLanguageTheNumberOfTheErrorTellsWhatIsWrong(String reason, String told, boolean permission) {
        assertThatThrownBy(() -> bind("[::]:514", reason))
                .isInstanceOf(BindFault.class)
                .hasMessageContaining(told)
                .satisfies(fault ->
                        assertThat(((BindFault) fault).permissionDenied()).isEqualTo(permission));
        assertThat(tried).hasSize(1);
    }

    @Test
    void aCertainIpv6AddressIsNeverReplaced() {
        assertThatThrownBy(() -> bind("[2001:db8::1]:514", "IPv6 not available"))
                .isInstanceOf(BindFault.class)
                .hasMessage("udp [2001:db8::1]:514: IPv6 not available");
        assertThat(tried).hasSize(1);
    }

    private Object bind(String text, @org.jspecify.annotations.Nullable String ipv6Fault) throws BindFault {
        return Ports.bind("udp " + text, BindAddress.parse(text), (where, family) -> {
            tried.add(family + " " + where.address().getHostAddress());
            return family == SocketProtocolFamily.INET6 && ipv6Fault != null
                    ? channel.newFailedFuture(new IOException(ipv6Fault))
                    : channel.newSucceededFuture();
        });
    }
}
