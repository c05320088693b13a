package org.loghost.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        table.put(bytes, 0, bytes.length, host);
    }

    private static Host find(NameTable table, String name) {
        byte[] bytes = ("<" + name + ">").getBytes(StandardCharsets.US_ASCII);
        return table.find(bytes, 1, bytes.length - 2);
    }
}
