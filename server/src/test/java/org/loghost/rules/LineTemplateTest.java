package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineTemplateTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "sshd[7]: Accepted password for cindy from 10.0.0.1 port 22 ~ sshd[99]: Accepted password for root from fe80::1 port 4",
                "app: took \"this\" from /srv/a at 10:00:00 ~ app: took \"that\" from /srv/b/c at 11:12:13.5",
                "app: host a.example.org, id 0x12 ~ app: host 192.0.2.1, id 12"
            })
    void linesThatSayTheSameAboutOtherThingsHaveOneTemplate(String one, String two) {
        assertThat(LineTemplate.of("Feb 18 10:00:00 goblin " + one))
                .isEqualTo(LineTemplate.of("2026-11-04T10:00:00.123456+01:00 elf " + two))
                .contains("*");
    }

    @Test
    void otherWordsAreAnotherTemplate() {
        assertThat(LineTemplate.of("Feb 18 10:00:00 goblin app: file opened"))
                .isEqualTo("app: file opened")
                .isNotEqualTo(LineTemplate.of("Feb 18 10:00:00 goblin app: file closed"));
        assertThat(LineTemplate.of("")).isEmpty();
    }

    @Test
    void aLongLineIsKnownByItsStart() {
        String line = "x".repeat(100_000);
        assertThat(LineTemplate.of(line)).isEqualTo(LineTemplate.of(line + "y")).hasSize(1_000);
    }
}
