package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

class AdmissionTest {
    private final ServerMetrics metrics = new ServerMetrics();
    private final Notices notices = new Notices(Clock.systemUTC());

    @Test
    void withoutAFileDescriptorAcceptingPausesAndGoesOnByItself() {
        ListenerConfig.Tcp config = ListenerConfig.Tcp.at("[::]:514");
        EmbeddedChannel server = new EmbeddedChannel(new Admission(
                config,
                "tcp [::]:514",
                AccessList.of(List.of()),
                new ConnectionLimits(10, 10, metrics),
                new Refusals("tcp [::]:514", metrics, notices),
                notices));
        server.freezeTime();
        server.pipeline()
                .fireExceptionCaught(new IOException("accept(..) failed with error(-24): Too many open files"));
        assertThat(server.isOpen()).isTrue();
        assertThat(server.config().isAutoRead()).isFalse();
        assertThat(notices.current())
                .singleElement()
                .satisfies(notice -> assertThat(notice.text())
                        .contains("tcp [::]:514: cannot accept connections")
                        .contains("Too many open files")
                        .contains("raise LimitNOFILE"));
        server.advanceTimeBy(Duration.ofSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        server.runScheduledPendingTasks();
        assertThat(server.config().isAutoRead()).isTrue();
        assertThat(server.finish()).isFalse();
    }

    @Test
    void limitsForgetWhoIsGone() {
        ConnectionLimits limits = new ConnectionLimits(2, 1, metrics);
        java.net.InetAddress one = BindAddress.parse("10.0.0.1:0").address();
        java.net.InetAddress two = BindAddress.parse("10.0.0.2:0").address();
        java.net.InetAddress three = BindAddress.parse("10.0.0.3:0").address();
        assertThat(limits.opened(one)).isNull();
        assertThat(limits.opened(one)).isEqualTo(org.loghost.metrics.Count.REFUSED_SENDER_CONNECTIONS);
        assertThat(limits.opened(two)).isNull();
        assertThat(limits.opened(three)).isEqualTo(org.loghost.metrics.Count.REFUSED_CONNECTIONS);
        limits.closed(one);
        assertThat(limits.opened(three)).isNull();
        limits.closed(three);
        assertThat(limits.opened(one)).isNull();
    }
}
