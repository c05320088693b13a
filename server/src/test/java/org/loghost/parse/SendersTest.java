package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.message.MessageBatch;
import org.loghost.message.Pri;

/** What real daemons put on the wire, and the line it becomes. The sender is called 192.0.2.50. */
class SendersTest {
    private final Frames frames = new Frames();

    @Test
    void inetutilsSyslogdSendsNoHost() {
        assertThat(frames.line("<35>Nov 22 06:55:58 su: FAILED SU (to root) joe on pts/3"))
                .isEqualTo("Nov 22 06:55:58 192.0.2.50 su: FAILED SU (to root) joe on pts/3");
        assertThat(frames.batch.pri(0)).isEqualTo(35);
    }

    @Test
    void inetutilsSyslogdRelaysWithItsOwnStamp() {
        assertThat(frames.line("<46>Nov 22 06:55:58 syslogd (GNU inetutils 2.4): restart"))
                .isEqualTo("Nov 22 06:55:58 192.0.2.50 syslogd (GNU inetutils 2.4): restart");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<46>Nov 22 06:30:00 syslogd started: BusyBox v1.36.1|syslogd started: BusyBox v1.36.1",
                "<13>Nov 22 06:30:00 root: hello|root: hello",
                "<46>Nov 22 06:30:00 -- MARK --|-- MARK --",
                "<13>Nov 22 06:30:00 hello|hello",
            })
    void busyboxSyslogdSendsNoHost(String frame, String text) {
        assertThat(frames.line(frame)).isEqualTo("Nov 22 06:30:00 192.0.2.50 " + text);
    }

    @Test
    void rsyslogTraditionalForwardIsTakenAsItIs() {
        assertThat(frames.line("<86>Nov 22 06:30:00 web01 sshd[1178]: Accepted publickey for deploy"))
                .isEqualTo("Nov 22 06:30:00 web01 sshd[1178]: Accepted publickey for deploy");
    }

    @Test
    void rsyslogForwardFormat() {
        assertThat(frames.line("<86>2026-11-22T06:30:00.123456+01:00 web01 sshd[1178]: Accepted publickey"))
                .isEqualTo("Nov 22 06:30:00 web01 sshd[1178]: Accepted publickey");
        assertThat(frames.deviceTime()).isEqualTo("2026-11-22T05:30:00.123456Z");
    }

    @Test
    void rsyslogProtocol23Format() {
        assertThat(frames.line("<86>1 2026-11-22T06:30:00.123456+01:00 web01 sshd 1178 - -  Accepted publickey"))
                .isEqualTo("Nov 22 06:30:00 web01 sshd[1178]: Accepted publickey");
    }

    @Test
    void syslogNgProtocol() {
        assertThat(frames.line("<38>1 2026-11-22T06:30:00+00:00 web02 sudo 77 - [meta sequenceId=\"3\"]"
                        + " \u00ef\u00bb\u00bfjoe : TTY=pts/0"))
                .isEqualTo("Nov 22 06:30:00 web02 sudo[77]: joe : TTY=pts/0");
    }

    @Test
    void utilLinuxLoggerRfc5424() {
        assertThat(frames.line("<13>1 2026-11-22T06:30:00.000001+00:00 box joe - - [timeQuality tzKnown=\"1\""
                        + " isSynced=\"1\" syncAccuracy=\"500\"] hello"))
                .isEqualTo("Nov 22 06:30:00 box joe: hello");
    }

    @Test
    void utilLinuxLoggerRfc3164() {
        assertThat(frames.line("<13>Nov 22 06:30:00 box joe: hello")).isEqualTo("Nov 22 06:30:00 box joe: hello");
    }

    @Test
    void loggerToTheLocalSocketSendsNoHost() {
        assertThat(frames.line("<13>Nov 22 06:30:00 joe[3121]: hello"))
                .isEqualTo("Nov 22 06:30:00 192.0.2.50 joe[3121]: hello");
    }

    @Test
    void pythonSysLogHandlerSendsNoHeader() {
        assertThat(frames.line("<11>app: worker 3 died\0")).isEqualTo("Nov 22 06:30:05 192.0.2.50 app: worker 3 died");
        assertThat(frames.line("<14>worker 3 died\0")).isEqualTo("Nov 22 06:30:05 192.0.2.50 worker 3 died");
    }

    @Test
    void freeBsdSyslogdSendsNoHost() {
        assertThat(frames.line("<38>Aug  8 23:32:15 sshd-session[14308]: Received disconnect"))
                .isEqualTo("Aug  8 23:32:15 192.0.2.50 sshd-session[14308]: Received disconnect");
    }

    @Test
    void ciscoIosWithAllOptions() {
        assertThat(frames.line("<189>30: rtr1: 6340004: *Mar  4 11:45:20.123 UTC: %SYS-5-CONFIG_I: Configured"))
                .isEqualTo("Mar  4 11:45:20 rtr1 %SYS-5-CONFIG_I: Configured");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<189>45: %SYS-5-CONFIG_I: Configured",
                "<189>45: 1w2d: %SYS-5-CONFIG_I: Configured",
                "<189>45: 10:01:02: %SYS-5-CONFIG_I: Configured",
            })
    void ciscoIosWithoutClock(String frame) {
        assertThat(frames.line(frame)).isEqualTo("Nov 22 06:30:05 192.0.2.50 %SYS-5-CONFIG_I: Configured");
        assertThat(frames.batch.has(0, MessageBatch.NO_TIMESTAMP)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<13>Nov 22 06:30:00 Connection closed by 10.0.0.1",
                "<13>Nov 22 06:30:00 User joe logged in",
                "<13>Nov 22 06:30:00 (root) CMD (x)",
                "<13>Nov 22 06:30:00 12345 packets dropped",
                "<13>Nov 22 06:30:00: some debug text",
                "<13>1770312738 packets were dropped",
                "<13>Nov 22 06:30:00 a/../b c: x",
                "<13>Nov 22 06:30:00 /usr/bin/x c: x",
                "<13>Nov 22 06:30:00 eth0/1 link: down",
                "<13>Nov 22 06:30:00 joe@example.com logged in",
                "<13>Nov 22 06:30:00 Done. next: x",
                "<13>Nov 22 06:30:00 - something else",
                "<13>1 - everything is fine",
                "<13>1 9876543210 order cancelled",
                "<13>1 1795329000 packets dropped",
                "<13>2026-11-22 06:30:00,123 [main] com.foo.Bar: text",
                "<13>2026-11-22 06:30:00.123  INFO 1234 --- [main] o.s.Foo : text",
                "<13>1 2026-11-22T06:30:00Z error in module x",
                "<13>Nov 22 06:30:00 .. app: x",
                "<13>Nov 22 06:30:00 [error] app: x",
                "<13>worker: Nov 22 06:30:00: done",
                "<13>worker: Nov 22 06:30:00 MEZ: done",
                "<13>worker: 12: done",
                "<13>worker: 12 %d items: done",
                "<13>worker: 3d04h: done",
                "<13>worker %s-5-%s: done",
                "<13>Nov 22 06:30:00 worker: 12:30:45: done",
                "<13>Nov 22 06:30:00 worker: 100%: done",
                "<13>Nov 22 06:30:00 *worker: done",
                "<13>12:30:45: done",
            })
    void freeWordsBecomeNoHost(String frame) {
        frames.line(frame);

        assertThat(frames.batch.host(0).name()).isEqualTo("192.0.2.50");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<192>Oct 11 22:14:15 h app: x",
                "<1011>Oct 11 22:14:15 h app: x",
                "<8000000000000000000000000000000>Mar  6 16:57:54 h tag: x",
                "<44444444444444444444<4",
                "<-1>Oct 11 22:14:15 h app: x",
                "<>Oct 11 22:14:15 h app: x",
                "<+13>Oct 11 22:14:15 h app: x",
                "< 13>Oct 11 22:14:15 h app: x",
                "<13",
                "<",
            })
    void brokenPriMakesEverythingText(String frame) {
        assertThat(frames.line(frame)).isEqualTo("Nov 22 06:30:05 192.0.2.50 " + frame);
        assertThat(frames.batch.pri(0)).isEqualTo(Pri.DEFAULT);
        assertThat(frames.batch.has(0, MessageBatch.MALFORMED)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INFO",
                "info",
                "Warn",
                "WARNING",
                "ERROR",
                "err",
                "DEBUG",
                "TRACE",
                "FATAL",
                "CRITICAL",
                "SEVERE",
                "NOTICE",
                "emerg",
                "Alert",
                "<warn>",
                "[INFO]",
                "(error)",
                "user.info",
                "KERN.WARN",
                "local0.notice",
                "auth/err",
                "daemon:debug",
                "auth|security:info",
                "mail|info",
            })
    void severityIsNoHost(String word) {
        for (String text : new String[] {" started", " something went wrong", "", " main: done"}) {
            frames.line("<14>2026-11-22 06:30:00,123 " + word + text);
            frames.line("<14>Nov 22 06:30:00 " + word + text);
            frames.line("<14>1 2026-11-22T06:30:00Z " + word + text);
            frames.line("<14>1 2026-11-22T06:30:00Z " + word + " app 1 - -" + text);
        }
        for (int i = 0; i < frames.batch.count(); i++) {
            assertThat(frames.batch.line(i))
                    .matches("... .. ..:..:.. 192\\.0\\.2\\.50 .*")
                    .contains(word);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-29",
                "2026/11/29",
                "29.11.2026",
                "11/29/2026",
                "20261129",
                "20261129T040000Z",
                "2026-11-29T04:00:00",
                "AM",
                "Sun",
                "Nov",
                "info.",
                "ERROR."
            })
    void dateOrPartOfOneIsNoHost(String word) {
        for (String text : new String[] {" 04:00:00,123 INFO app - text", " gamma[3]: x", " a: x"}) {
            frames.line("<14>Nov 29 04:00:00 " + word + text);
        }
        for (int i = 0; i < frames.batch.count(); i++) {
            assertThat(frames.batch.line(i))
                    .matches("... .. ..:..:.. 192\\.0\\.2\\.50 .*")
                    .contains(word);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "user.info cms01 authp:  using server x|cms01 user.info authp:  using server x|authp",
                "local7/err sw1 foo: bar|sw1 local7/err foo: bar|foo",
                "[INFO] web1 app[3]: x|web1 [INFO] app[3]: x|app",
                "ERROR web1 app[3]: x|web1 ERROR app[3]: x|app",
                "web1 daemon.info app[3]: x|web1 daemon.info app[3]: x|app",
                "web1 <warn> app[3]: x|web1 <warn> app[3]: x|app",
                "kern.warn kernel: foo|192.0.2.50 kern.warn kernel: foo|kernel",
            })
    void severityStaysInTheLineBehindTheHost(String text, String line, String program) {
        assertThat(frames.line("<14>Nov 22 06:30:00 " + text)).isEqualTo("Nov 22 06:30:00 " + line);
        ParsedMessage parsed = frames.writer.parsed();
        assertThat(frames.text(parsed.appNameOffset, parsed.appNameLength)).isEqualTo(program);
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001-db8--1",
        "2003:db8::1%eth0, 2003-db8--1-eth0",
        "2001::, 2001--",
        "[2001:db8::1], 2001-db8--1",
        "[2001:db8::1%eth0.100], 2001-db8--1-eth0.100",
        "fe80::1%eth0, fe80--1-eth0",
        "2026 2001:db8::1, 2001-db8--1",
        "UTC 2001:db8::1, 2001-db8--1",
        "8041, 8041",
        "9876543210, 9876543210",
        "[localhost], localhost",
        "[web1], web1",
        "web01.example.com., web01.example.com",
        "dn228/dn228, dn228-dn228",
        "web1.example.com/relay1/relay2, web1.example.com-relay1-relay2",
        "src@web1, src-web1",
        "s_src@web1/192.0.2.9, s_src-web1-192.0.2.9",
        "slot1/bigip1, slot1-bigip1",
        "2001:db8::1/relay, 2001-db8--1-relay",
    })
    void hostOfAnyNotationIsFound(String word, String host) {
        assertThat(frames.line("<14>Nov 29 00:10:00 " + word + " sshd[4]: x"))
                .isEqualTo("Nov 29 00:10:00 " + host + " sshd[4]: x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Sun Nov 22 06:30:00 2026|2026-11-22T06:30:00Z",
                "Sun Nov 22 06:30:00 UTC 2026|2026-11-22T06:30:00Z",
                "Sun, 22 Nov 2026 06:30:00 +0100|2026-11-22T05:30:00Z",
                "Sun 22 Nov 06:30:00|2026-11-22T06:30:00Z",
                "22 Nov 2026 06:30:00|2026-11-22T06:30:00Z",
                "22-Nov-2026 06:30:00.123|2026-11-22T06:30:00.123Z",
                "22/Nov/2026:06:30:00 +0100|2026-11-22T05:30:00Z",
                "2026/11/22 06:30:00|2026-11-22T06:30:00Z",
                "2026:11:22-06:30:00|2026-11-22T06:30:00Z",
                "11/22/2026 06:30:00|2026-11-22T06:30:00Z",
                "2026-11-22 6:30:00|2026-11-22T06:30:00Z",
                "Nov 22 6:30:00|2026-11-22T06:30:00Z",
                "2026-11-22 06:30:00 +0000|2026-11-22T06:30:00Z",
                "2026-11-22 06:30:00.5 -07:00|2026-11-22T13:30:00.500Z",
                "2026-11-22T06:30:00Z+0000|2026-11-22T06:30:00Z",
                "Nov 22 2026 06:30:00 -0700|2026-11-22T13:30:00Z",
            })
    void dateOfAnyNotationIsRead(String stamp, String time) {
        assertThat(frames.line("<14>" + stamp + " web1 app: x")).isEqualTo("Nov 22 06:30:00 web1 app: x");
        assertThat(frames.deviceTime()).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22 06:30:00 -50 degrees",
                "2026-11-22 06:30:00 -1234 widgets",
                "Nov 22 06:30:00 -0700 widgets",
                "Sun Nov 22 x y z",
                "22 Nov is a day",
                "2026/11/22 is a day",
                "9876543210 order cancelled",
                "9876543210: order cancelled",
                "1 9876543210 order cancelled",
                "9876543210",
                "12345678901 order",
            })
    void numbersThatAreNoTimeStayInTheLine(String text) {
        String rest = text.startsWith("2026-11-22 06:30:00 ") ? text.substring(20) : text;
        rest = rest.startsWith("Nov 22 06:30:00 ") ? rest.substring(16) : rest;

        assertThat(frames.line("<14>" + text)).endsWith(" 192.0.2.50 " + rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host1 sshd 77 Failed password for root|host1 sshd[77]: Failed password for root",
                "host1 sshd 77 Failed [preauth] password|host1 sshd[77]: Failed [preauth] password",
                "host1 sshd - Failed password for root|host1 sshd - Failed password for root",
                "host1 sshd - - Failed password for root|host1 sshd: Failed password for root",
                "host1 sshd worker ID7 Failed password|host1 sshd worker ID7 Failed password",
                "host1 sshd 77 ID47 [bad data|host1 sshd[77]: ID47 [bad data",
                "host1 sshd 77 ID47 [a@1 b=\"c\"]x|host1 sshd[77]: ID47 [a@1 b=\"c\"]x",
                "host1 - - - text|host1 text",
                "host1 - 77 some text|host1 - 77 some text",
                "host1|192.0.2.50 host1",
                "host1 app|host1 app",
                "host1 app 12|host1 app 12",
                "host1 app 12 ID|host1 app[12]: ID",
                "host1 app 12 -|host1 app[12]:",
                "host1 app 12 - -|host1 app[12]:",
                "host1 app[3]: - - - text|host1 app[3]: text",
                "host1 app: 12 - - text|host1 app[12]: text",
                "host1 app: 12 errors - text|host1 app: 12 errors - text",
                "host1 {\"a\": \"b\", - - d}|host1 {\"a\": \"b\", - - d}",
                "host1 LEEF:1.0|A|B|1|x| src=1 - - x|host1 LEEF:1.0|A|B|1|x| src=1 - - x",
                "- sshd[4]: x y|192.0.2.50 sshd[4]: x y",
                "../../x some text|192.0.2.50 ../../x some text",
            })
    void headerOf5424ThatBreaksOffLosesNoWord(String both) {
        // the bar occurs in the texts: the two halves say the same in two forms
        int bar = both.indexOf("|host1") > 0 ? both.indexOf("|host1") : both.indexOf("|192.0.2.50");
        String text = both.substring(0, bar);

        assertThat(frames.line("<14>1 2026-11-22T06:30:00Z " + text))
                .isEqualTo("Nov 22 06:30:00 " + both.substring(bar + 1));
    }

    @Test
    void hostLongerThan255BytesIsText() {
        String longName = "a".repeat(256);

        assertThat(frames.line("<13>Oct 11 22:14:15 " + longName + " app: x"))
                .isEqualTo("Oct 11 22:14:15 192.0.2.50 " + longName + " app: x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<13>1 2026-11-22T06:30:00Z",
                "<13>1 2026-11-22T06:30:00Z ",
                "<13>1 2026-11-22T06:30:00Z h",
                "<13>1 2026-11-22T06:30:00Z h app",
                "<13>1 2026-11-22T06:30:00Z h app 1 -",
                "<13>1 2026-11-22T06:30:00Z h app 1 - ",
                "<13>1 2026-11-22T06:30:00Z h app 1 - text without data",
                "<13>1 2026-11-22T06:30:00Z h app 1 - [",
                "<13>1 2026-11-22T06:30:00Z h app 1 - []",
                "<13>1 2026-11-22T06:30:00Z h app 1 - [a@1 b=\"c]",
                "<13>1 2026-11-22T06:30:00Z h app 1 - [a@1 b=\"c\\",
                "<13>1 2026-11-22T06:30:00Z h app 1 - [a@1 b=\"c\"]x",
                "<13>1 2026-11-22T06:30:00Z  app 1 - - x",
                "<13>1 2026-13-22T06:30:00Z h app 1 - - x",
                "<13>1 2026-11-22T06:30:00+24:00 h app 1 - - x",
            })
    void broken5424IsMalformedAndKept(String frame) {
        assertThat(frames.line(frame)).isNotNull();
        assertThat(frames.batch.has(0, MessageBatch.MALFORMED)).isTrue();
    }
}
