package org.loghost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.loghost.rules.RuleFolder.verdict;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An alarm names an event, not a word: every alarm line among the samples, with its alarming word denied, or put where a
 * word says nothing (in the name of a host or a user, in a URL, in what another program says), alarms no more.
 */
class AlarmRulesSweepTest {
    private static final RuleSet RULES =
            RuleLoader.load(RulesConfig.of(List.of(Path.of("rules").toAbsolutePath())));

    /** The stamp and the host; then what the program says, its name first. */
    private static final Pattern LINE = Pattern.compile("(\\w{3} [ \\d:]{11}) (\\S+) (.*)");

    /** The words that make people look up. */
    private static final Pattern WORD = Pattern.compile(
            "(?i)(?<![\\w-])(fail(ed|ure|ures)?|errors?|denied|refused|rejected|rejecting|invalid|illegal|incorrect|infected|"
                    + "found|attack|degraded|fault(ed|y)?|lost|losing|corrupt(ed|ion)?|corrupted|panic|expired|violation|"
                    + "critical|fatal|emergency|alert|blocked|killed|crashed|down|mismatch|mismatched|unreadable|uncorrectable|overflow|stuck|stall|segfault|out"
                    + " of memory|no space left|threshold|locked|"
                    + "disallowing|exceeded|disabled|dropping|throttling|suspended|timeout|not)(?![\\w-])");

    /** What is in the words of an alarm wherever they stand, by design, and why. */
    private static final Map<Pattern, String> EXCEPTIONS = Map.of(
            Pattern.compile("(\\$|%24)(\\{|%7[Bb])|\\(\\) \\{|\\.\\.|%2e|%%32|GET /|POST /"),
            "what was sent to a web server is the event itself, and it is another program's text that holds it",
            Pattern.compile("No space left on device"),
            "any program may say so, at any place of its message",
            Pattern.compile("certificate (verify failed|has expired)"),
            "any program may say so, at any place of its message");

    private static final List<String> ALARMS = new ArrayList<>();

    @BeforeAll
    static void readTheSamples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("rules/samples"))) {
            for (Path file : files.sorted().toList()) {
                for (String row : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    int tab = row.indexOf('\t');
                    if (row.startsWith("A") || row.startsWith("-V")) {
                        ALARMS.add(row.substring(tab + 1));
                    }
                }
            }
        }
        assertThat(ALARMS).hasSizeGreaterThan(700).allMatch(AlarmRulesSweepTest::alarms);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not ", "no ", "0 ", "without "})
    void anAlarmingWordThatIsDeniedDoesNotAlarm(String denial) {
        List<String> wrong = new ArrayList<>();
        int tried = 0;
        for (String line : ALARMS) {
            int text = textOf(line);
            Matcher word = WORD.matcher(line);
            for (int from = text; word.find(from); from = word.end()) {
                String before = line.substring(0, word.start());
                String after = line.substring(word.end());
                if (!alarms(before + "quux" + after)) {
                    tried++;
                    String denied = before + denial + word.group() + after;
                    if (alarms(denied)) {
                        wrong.add(denied);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(tried).isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app[812]: note: {text}",
                "app[812]: the words \"{text}\" mean nothing",
                "CRON[4242]: (root) CMD (grep '{text}' /var/log/syslog)",
                "sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/grep {text}"
                        + " /var/log/syslog",
                "sshd[812]: Accepted publickey for {name} from 192.0.2.10 port 50122 ssh2: ED25519 SHA256:abc",
                "systemd-logind[512]: New session 12 of user {name}.",
                "named[611]: client @0x7f01 192.0.2.10#40112 ({name}.example.org): query: {name}.example.org IN A +"
                        + " (192.0.2.53)",
                "dhcpd[622]: DHCPACK on 192.0.2.77 to 52:54:00:12:34:56 ({name}) via eth0",
                "dovecot: imap-login: Login: user=<{name}>, method=PLAIN, rip=192.0.2.10, lip=192.0.2.25, mpid=2231,"
                        + " TLS",
                "nginx: 192.0.2.9 - - [22/Nov/2026:06:30:00 +0000] \"GET /{name}.html HTTP/1.1\" 200 812 \"-\""
                        + " \"Mozilla/5.0\"",
                "squid[812]: 1795329000.123 12 192.0.2.9 TCP_TUNNEL/200 812 CONNECT {name}.example.org:443 -"
                        + " HIER_DIRECT/203.0.113.5 -",
                "{name}[812]: all is well",
                "postfix/smtpd[2211]: connect from {name}.example.net[198.51.100.25]"
            })
    void anAlarmsWordsInAnotherPlaceDoNotAlarm(String elsewhere) {
        List<String> wrong = new ArrayList<>();
        for (String line : ALARMS) {
            String text = line.substring(textOf(line));
            if (EXCEPTIONS.keySet().stream().noneMatch(one -> one.matcher(text).find())) {
                String name = text.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
                String moved = "Nov 22 06:30:00 web01 "
                        + elsewhere.replace("{text}", text).replace("{name}", name);
                if (alarms(moved)) {
                    wrong.add(moved);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void anAlarmingHostNameDoesNotAlarm() {
        List<String> wrong = new ArrayList<>();
        Stream.concat(
                        ALARMS.stream()
                                .flatMap(line -> WORD.matcher(line).results().map(found -> found.group())),
                        Stream.of("backup01", "replication", "kernel", "sshd", "snort", "www.exploit-db.com"))
                .map(word -> word.replace(' ', '-'))
                .distinct()
                .map(word -> "Nov 22 06:30:00 " + word + " CRON[4242]: (root) CMD (/usr/sbin/" + word + " --no-error)")
                .filter(AlarmRulesSweepTest::alarms)
                .forEach(wrong::add);
        assertThat(wrong).isEmpty();
    }

    @Test
    void everyExceptionIsStillNeeded() {
        assertThat(EXCEPTIONS.keySet())
                .allMatch(one -> ALARMS.stream()
                        .filter(line -> one.matcher(line).find())
                        .map(line -> "Nov 22 06:30:00 web01 app[812]: note: " + line.substring(textOf(line)))
                        .anyMatch(AlarmRulesSweepTest::alarms));
    }

    private static int textOf(String line) {
        Matcher parts = LINE.matcher(line);
        assertThat(parts.matches()).as(line).isTrue();
        return parts.start(3);
    }

    private static boolean alarms(String line) {
        return (verdict(RULES, line).tiers(0) & (RuleSet.ATTACK | RuleSet.VIOLATION)) != 0;
    }
}
