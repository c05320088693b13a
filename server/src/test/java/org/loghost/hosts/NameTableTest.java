package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.loghost.message.Host;

class NameTableTest {
    private final Host host = new Host(0, "web01");

    @Test
    void namesMadeToCollideUnderAKnownHashAreAsFastAsOthers() {
        NameTable table = new NameTable(1_000_000);
        int pairs = 16;
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int bits = 0; bits < 1 << pairs; bits++) {
                StringBuilder name = new StringBuilder();
                for (int pair = 0; pair < pairs; pair++) {
                    name.append((bits >> pair & 1) == 0 ? "Aa" : "BB"); // the same under String.hashCode
                }
                put(table, name.toString());
            }
        });
        assertThat(find(table, "Aa".repeat(pairs))).isSameAs(host);
        assertThat(find(table, "AA".repeat(pairs))).isNull();
    }

    @Test
    void eachSpellingFindsItsOwnHostOrNoneWhileOthersAreAdded() throws Exception {
        List<Host> hosts =
                IntStream.range(0, 20_000).mapToObj(i -> new Host(i, "web" + i)).toList();
        NameTable table = new NameTable(1_000_000);
        AtomicBoolean done = new AtomicBoolean();
        FutureTask<Integer> reader = new FutureTask<>(() -> {
            Random random = new Random(1);
            int wrong = 0;
            while (!done.get()) {
                int i = random.nextInt(hosts.size());
                Host found = find(table, (random.nextBoolean() ? "web" : "WEB") + i);
                wrong += found == null || found == hosts.get(i) ? 0 : 1;
            }
            return wrong;
        });
        new Thread(reader).start();
        for (Host each : hosts) {
            put(table, each.name(), each);
            put(table, each.name().toUpperCase(Locale.ROOT), each);
        }
        done.set(true);

        assertThat(reader.get()).isZero();
        assertThat(hosts).allMatch(each -> find(table, each.name()) == each);
        assertThat(hosts).allMatch(each -> find(table, each.name().toUpperCase(Locale.ROOT)) == each);
    }

    @Test
    void fullTableStartsAfresh() {
        NameTable table = new NameTable(1_000);
        for (int i = 0; i < 1_001; i++) {
            put(table, "host" + i);
        }

        assertThat(find(table, "host1000")).isSameAs(host);
        assertThat(find(table, "host1")).isNull();
    }

    @Test
    void namesLongerThanAHostNameAreNotKept() {
        NameTable table = new NameTable(1_000);
        put(table, "a".repeat(NameTable.MAX_LENGTH));
        put(table, "a".repeat(NameTable.MAX_LENGTH + 1));

        assertThat(find(table, "a".repeat(NameTable.MAX_LENGTH))).isSameAs(host);
        assertThat(find(table, "a".repeat(NameTable.MAX_LENGTH + 1))).isNull();
    }

    private void put(NameTable table, String name) {
        put(table, name, host);
    }

    private static void put(NameTable table, String name, Host host) {
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        table.put(bytes, 0, bytes.length, host);
    }

    private static Host find(NameTable table, String name) {
        byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.US_ASCII);
        return table.find(bytes, 1, bytes.length - 2);
    }
}
