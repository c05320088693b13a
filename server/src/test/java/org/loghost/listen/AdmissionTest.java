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
        ConnectionTable table = new ConnectionTable(10, 10, metrics);
        EmbeddedChannel server = new EmbeddedChannel(new Admission(
                "tcp [::]:514",
                AccessList.of(List.of()),
                table,
                new Crowd("tcp [::]:514", table, 10, 10, 10, metrics, notices),
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
}
