package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.loghost.hosts.HostSpelling;
import org.loghost.hosts.HostsConfig;

/** Headers of network devices, put together from their parts: whatever is combined, host and program are found. */
class DeviceHeaderTest {
    private static final int ROUNDS = 30_000;
    private static final String SENDER = "192.0.2.50";
    private static final String NONE = "";

    private static final String[] RELAYS = {"gw-mgmt", "10.100.0.35", "fe80::17", "web01.example.com"};
    private static final String[] NAMES = {
        "rtr1", "EDGE_1", "gw2.acy1", "198.51.100.7", "2001:db8::7", "fe80::1", "core"
    };
    private static final String[] MONTHS = {"Nov 22", "Nov  1", "Nov 1", "Nov 02", "nov 22"};
    private static final String[] ZONES = {
        "UTC",
        "CEST",
        "MEZ",
        "DST",
        "mdt",
        "Sommerzeit",
        "Europe/Berlin",
        "UTC+2",
        "GMT+05:30",
        "+02:00",
        "+0200",
        "-5",
        "EST-5"
    };
    private static final String[] UPTIMES = {"1w2d", "3d04h", "2y10w", "00:01:01", "12:00:59"};
    private static final String[] CODES = {
        "%SYS-5-CONFIG_I",
        "%PM-SP-4-ERR_DISABLE",
        "%UC_AUDITLOG-5-AdministrativeEvent",
        "#DOT1X-3-ABORT_AUTH",
        "%ASA-6-302013",
        "%LINK-W-Down"
    };
    private static final String[] DEBUG = {
        "NTP Core (NOTICE): Clock lost", "last message repeated 66 times", "two words", "debug"
    };

    private final ParseJson parser =
            new ParseJson(SENDER, ZoneOffset.UTC, new HostSpelling(HostsConfig.defaults(List.of()), SENDER));

    @ParameterizedTest
    @ValueSource(longs = {1, 20261129})
    void everyCombinationIsUnderstood(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            Header header = new Header(random);
            Map<String, String> fields = parse(header.frame());
            String as = "seed " + seed + ", round " + round + ": " + header.frame();
            assertThat(fields.get("host")).as(as).isEqualTo(header.expectedHost());
            assertThat(fields.get("program")).as(as).isEqualTo(header.program);
            assertThat(fields.get("pid")).as(as).isEqualTo(header.pid);
            assertThat(fields.get("line")).as(as).endsWith(" " + header.expectedText());
            if (!header.time.isEmpty() && header.relay.isEmpty()) {
                assertThat(fields.get("line").substring(7)).as(as).startsWith(header.time + " ");
            }
        }
    }

    private Map<String, String> parse(String frame) {
        return JsonReader.read(parser.json(frame.getBytes(StandardCharsets.UTF_8), Frames.NOW));
    }

    /** One header, its text, and how they must be read. */
    private static final class Header {
        private final Random random;
        private final String before;
        private final String stamp;
        private final String relay;
        private final String colon;
        private final String body;
        /** What stands in the line before the body: a task or a node. */
        private String origin = NONE;

        private String host = NONE;
        private boolean proven;
        private String time = NONE;
        private String program = NONE;
        private String pid = NONE;

        Header(Random random) {
            this.random = random;
            boolean node = chance(6);
            boolean task = !node && chance(6);
            boolean uptime = !node && chance(6);
            boolean relayed = chance(3);
            String words = number() + (chance(2) ? name() + number() : node && chance(2) ? name() : NONE);
            if (node && !host.isEmpty() && words.endsWith(host + ": ")) {
                words = words.substring(0, words.length() - 2) + pick(" ", ": ");
            }
            words += origin(node, task);
            String mark = uptime ? NONE : pick("", "", "*", ".");
            proven |= !mark.isEmpty() || node || task;
            // Between a bare stamp and a colon any word could as well be the host.
            boolean first = !proven && host.isEmpty() && !relayed;
            stamp = uptime ? pick(UPTIMES) : mark + dateAndTime() + (first ? pick("", " UTC") : zone());
            boolean needsCode = !proven && !(uptime && host.isEmpty() && !stamp.contains(":"));
            before = words;
            body = node ? process() : text(needsCode);
            colon = pick(": ", " : ");
            relay = relayed ? "Nov 22 06:30:01 " + pick(RELAYS) + pick(" ", " ", " : ") : NONE;
        }

        String frame() {
            return "<189>" + relay + before + stamp + colon + body;
        }

        String expectedHost() {
            return relay.isEmpty() ? host.isEmpty() ? SENDER : host : relay.split(" ", -1)[3];
        }

        /** Behind a relay's header everything is kept as sent, but for a colon behind its host. */
        String expectedText() {
            if (relay.isEmpty()) {
                return origin + body;
            }
            boolean doubleColon = before.startsWith(": ") && !relay.endsWith(" : ");
            return before.substring(doubleColon ? 2 : 0) + stamp + colon + body;
        }

        private String number() {
            if (chance(2)) {
                return NONE;
            }
            proven = true;
            return pick("45: ", "000123: ", "3352436: 3352457: ", ": ", ": : 12: ");
        }

        private String name() {
            host = pick(NAMES);
            return host + pick(": ", ": ", " : ");
        }

        private String origin(boolean node, boolean task) {
            if (node) {
                String word = pick("RP/0/RSP0/CPU0:", "LC/0/2/CPU0:", "0/RP0/ADMIN0:");
                origin = word + " ";
                return word;
            }
            if (task) {
                String word = pick("spamApTask1:", "SISF BT Process:", "Dot1x_NW_MsgTask_3:");
                origin = word + " ";
                return "*" + word + " ";
            }
            return NONE;
        }

        private String dateAndTime() {
            int hour = random.nextInt(24);
            String rest = String.format(":%02d:%02d", random.nextInt(60), random.nextInt(60));
            time = String.format("%02d", hour) + rest;
            String day = pick(MONTHS);
            boolean twelve = chance(5);
            String shown = twelve
                    ? String.format("%02d", hour % 12 == 0 ? 12 : hour % 12) + rest + (hour < 12 ? " AM" : " PM")
                    : time;
            String fraction = chance(2) ? NONE : "." + "123456".substring(0, 1 + random.nextInt(6));
            return switch (twelve ? 1 : random.nextInt(3)) {
                case 0 -> day + " " + shown + fraction;
                case 1 -> day + " 2026 " + shown + fraction;
                default -> "2026 " + day + " " + shown + fraction;
            };
        }

        private String zone() {
            return chance(3) ? NONE : " " + pick(ZONES);
        }

        private String process() {
            program = pick("config", "SSHD_", "ipv4_acl_mgr");
            pid = "65539";
            return program + "[65539]: " + pick("%MGBL-CONFIG-6-DB_COMMIT : committed", "%OS-SYSLOG-4-LOG_WARNING : x");
        }

        private String text(boolean needsCode) {
            if (!needsCode && chance(2)) {
                return pick(DEBUG);
            }
            program = pick(CODES);
            return pick("", "", "%$VDC-2%$ ") + program + ": text with 12: colons and 10.0.0.1";
        }

        private boolean chance(int of) {
            return random.nextInt(of) == 0;
        }

        private String pick(String... words) {
            return words[random.nextInt(words.length)];
        }
    }
}
