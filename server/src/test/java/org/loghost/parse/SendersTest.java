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
                "<13>Nov 22 06:30:00 a/b c: x",
                "<13>Nov 22 06:30:00 Hostn@me2 tag:  x",
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
                "<13>1 2026-11-22T06:30:00+19:00 h app 1 - - x",
            })
    void broken5424IsMalformedAndKept(String frame) {
        assertThat(frames.line(frame)).isNotNull();
        assertThat(frames.batch.has(0, MessageBatch.MALFORMED)).isTrue();
    }
}
