package org.loghost.listen;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.loghost.metrics.Count;
import org.loghost.metrics.ServerMetrics;

class ConnectionTableTest {
    private final ServerMetrics metrics = new ServerMetrics();
    private long now = 1_763_800_000_000L;

    @Test
    void whoIsGoneIsForgotten() {
        ConnectionTable table = new ConnectionTable(2, 1, metrics);
        OpenConnection one = connection("10.0.0.1");
        assertThat(open(table, one)).isNull();
        assertThat(open(table, connection("10.0.0.1"))).isEqualTo(Count.REFUSED_SENDER_CONNECTIONS);
        assertThat(open(table, connection("10.0.0.2"))).isNull();
        assertThat(open(table, connection("10.0.0.3"))).isEqualTo(Count.REFUSED_CONNECTIONS);
        table.closed(one);
        OpenConnection three = connection("10.0.0.3");
        assertThat(open(table, three)).isNull();
        table.closed(three);
        assertThat(open(table, connection("10.0.0.1"))).isNull();
    }

    @Test
    void anIpv6NetworkIsOneSender() {
        ConnectionTable table = new ConnectionTable(1_000, 3, metrics);
        for (int i = 0; i < 3; i++) {
            assertThat(open(table, connection("[2001:db8:0:1::" + i + "]"))).isNull();
        }
        assertThat(open(table, connection("[2001:db8:0:1:ffff::9]"))).isEqualTo(Count.REFUSED_SENDER_CONNECTIONS);
        assertThat(open(table, connection("[2001:db8:0:2::9]"))).isNull();
        assertThat(open(table, connection("192.0.2.9"))).isNull();
    }

    @Test
    void idleConnectionsOfAFewDoNotShutTheOthersOut() {
        ConnectionTable table = new ConnectionTable(1_000, 100, metrics);
        List<OpenConnection> greedy = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            OpenConnection one = connection("10.0.0." + i % 10);
            one.lastReadMillis = now + (i == 417 ? 0 : 1 + i);
            if (open(table, one) == null) {
                greedy.add(one);
            }
        }
        assertThat(greedy).as("a tenth is kept for senders that have none").hasSize(900);
        for (int i = 0; i < 100; i++) {
            assertThat(open(table, connection("10.1.0." + i))).isNull();
        }
        for (int i = 0; i < 50; i++) {
            assertThat(open(table, connection("10.2.0." + i))).isNull();
        }
        assertThat(metrics.get(Count.CLOSED_FOR_OTHERS)).isEqualTo(50);
        assertThat(greedy.stream().filter(one -> one.leaving)).hasSize(50).contains(greedy.get(417));
        for (int i = 0; i < 10; i++) {
            int sender = i;
            assertThat(greedy.stream()
                            .filter(one -> one.leaving)
                            .filter(one -> one.from.equals(connection("10.0.0." + sender).from)))
                    .as("the greediest first, so in turn")
                    .hasSize(5);
        }
        OpenConnection more = connection("10.0.0.1");
        assertThat(open(table, more)).isEqualTo(Count.REFUSED_CONNECTIONS);
    }

    @Test
    void whereEachHasOneTheQuietestGivesWayAfterAMinute() {
        ConnectionTable table = new ConnectionTable(10, 5, metrics);
        List<OpenConnection> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(connection("10.0.0." + i));
            assertThat(open(table, all.get(i))).isNull();
        }
        now += 30_000;
        assertThat(open(table, connection("10.0.1.1"))).isEqualTo(Count.REFUSED_CONNECTIONS);
        now += 31_000;
        all.forEach(one -> one.lastReadMillis = now);
        all.get(3).lastReadMillis = now - 61_000;
        assertThat(open(table, connection("10.0.1.1"))).isNull();
        assertThat(all.stream().filter(one -> one.leaving)).containsExactly(all.get(3));
        table.closed(all.get(3));
        assertThat(metrics.get(Count.CONNECTIONS_CLOSED)).isEqualTo(1);
    }

    private @Nullable Count open(ConnectionTable table, OpenConnection connection) {
        return table.open(connection, now);
    }

    private OpenConnection connection(String host) {
        EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
        return new OpenConnection(channel, BindAddress.parse(host + ":0").address(), now);
    }
}
