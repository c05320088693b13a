package org.loghost.mail;

import java.time.ZonedDateTime;
import java.util.List;

/** Letters for tests. */
final class Letters {
    static final ZonedDateTime DATE = ZonedDateTime.parse("2026-11-22T08:30:00+01:00[Europe/Berlin]");
    static final MailFormat FORMAT =
            new MailFormat("loghost@example.com", List.of("root@localhost", "ops@localhost"), "loghost.example.com");

    private Letters() {}

    static Letter letter(int number) {
        return letter(number, "text of " + number + "\n");
    }

    static Letter letter(int number, String text) {
        return new Letter("20261122-073000-0000000" + number, DATE, "[loghost] ATTACK 2 - web01 " + number, text);
    }
}
