package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.loghost.hosts.HostSpelling;
import org.loghost.hosts.HostsConfig;
import org.loghost.message.MessageBatch;

class ParseJsonTest {
    private final ParseJson json = parseJson("Gate.example", ZoneOffset.UTC);

    @Test
    void showsEveryFieldInOrder() {
        assertThat(json("<34>1 2026-10-11T22:14:15.003Z WEB su 7 ID47 [a@1 b=\"c\"] it \\ works"))
                .isEqualTo("{\"pri\": 34, \"facility\": \"auth\", \"severity\": \"crit\","
                        + " \"timestamp\": \"2026-10-11T22:14:15.003Z\", \"host\": \"WEB\", \"program\": \"su\","
                        + " \"pid\": \"7\", \"msgid\": \"ID47\", \"structured_data\": \"[a@1 b=\\\"c\\\"]\","
                        + " \"message\": \"it \\\\ works\","
                        + " \"line\": \"Oct 11 22:14:15 web su[7]: [a@1 b=\\\"c\\\"] it \\\\ works\","
                        + " \"format\": \"rfc5424\", \"malformed\": false}");
    }

    @Test
    void nothingGivesNothing() {
        assertThat(json("\r\n")).isNull();
    }

    @Test
    void senderIsTheHostOfMessagesWithout() {
        assertThat(JsonReader.read(json("<13>Foo")))
                .containsEntry("host", "Gate.example")
                .containsEntry("line", "Nov 22 06:30:05 gate.example Foo")
                .containsEntry("format", "headerless");
    }

    @Test
    void receiveTimeIsShownWithTheOffsetOfTheZone() {
        ParseJson berlin = parseJson("gate", ZoneId.of("Europe/Berlin"));

        assertThat(JsonReader.read(berlin.json("<13>Foo".getBytes(StandardCharsets.US_ASCII), Frames.NOW)))
                .containsEntry("timestamp", "2026-11-22T07:30:05+01:00");
    }

    @Test
    void nothingIsLearnedFromOneMessageForTheNext() {
        json("<6>Nov 22 06:30:00 udhcpc[12]: sending discover");

        assertThat(JsonReader.read(json("<6>Nov 22 06:30:00 mt1 login failed"))).containsEntry("host", "mt1");
    }

    @ParameterizedTest
    @CsvSource({
        "a\\x1bb, a\\u001bb",
        "a\\xe4b, a\\u00e4b",
        "a\\xc3\\xa4b, a\u00e4b",
        "a\\xc2\\x9bb, a\\u009bb",
        "a\\xe2\\x80\\xa8b, a\\u2028b",
        "a\\x7fb, a\\u007fb",
    })
    void messageHoldsNoRawControlCharacter(String raw, String shown) {
        String object = json.json(Frames.unescape("<13>" + raw), Frames.NOW);

        assertThat(object).contains("\"message\": \"" + shown + "\"");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 192.0.2.50",
        "localhost.localdomain, 192.0.2.50",
        "127.0.0.1, 192.0.2.50",
        "::ffff:10.32.10.116, 10.32.10.116",
        "2001:DB8:0:0:0:0:0:1, 2001-db8--1",
        "::1234, 0--1234",
        "WEB01.example.com, web01",
        "web1., web1",
        "old, new",
        "192.0.2.9, ups",
    })
    void lineHasTheHostAsTheArchiveSpellsIt(String host, String spelt) {
        HostsConfig config = new HostsConfig(
                Map.of("192.0.2.9", "ups"),
                Map.of("old", "new"),
                List.of("example.com"),
                false,
                List.of(),
                Duration.ZERO,
                10,
                10);
        ParseJson named = new ParseJson("192.0.2.50", ZoneOffset.UTC, new HostSpelling(config, "192.0.2.50"));
        String frame = "<13>1 2026-11-22T06:30:00Z " + host + " app 1 - - x";

        assertThat(JsonReader.read(named.json(frame.getBytes(StandardCharsets.US_ASCII), Frames.NOW)))
                .containsEntry("line", "Nov 22 06:30:00 " + spelt + " app[1]: x");
    }

    @Test
    void twoHostsWhoseNamesDifferBeyondTheArchivesLengthStayTwo() {
        String name = "a".repeat(250);

        String one = JsonReader.read(json("<13>Oct 11 22:14:15 " + name + "b app: x"))
                .get("line");
        String other = JsonReader.read(json("<13>Oct 11 22:14:15 " + name + "c app: x"))
                .get("line");

        assertThat(one).as("the name is whole in the line").isEqualTo("Oct 11 22:14:15 " + name + "b app: x");
        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void senderIsSpeltAsTheArchiveSpellsIt() {
        assertThat(JsonReader.read(parseJson("::ffff:192.0.2.7", ZoneOffset.UTC).json(bytes("<13>Foo"), Frames.NOW)))
                .containsEntry("line", "Nov 22 06:30:05 192.0.2.7 Foo");
        assertThat(JsonReader.read(parseJson("127.0.0.1", ZoneOffset.UTC).json(bytes("<13>Foo"), Frames.NOW)))
                .as("what comes from 127.0.0.1 is the loghost itself")
                .doesNotContainEntry("line", "Nov 22 06:30:05 127.0.0.1 Foo");
    }

    @Test
    void messageThatWasCutSaysSo() {
        String object = json.json(bytes("<13>Oct 11 22:14:15 h app: x"), Frames.NOW, MessageBatch.TRUNCATED);

        assertThat(JsonReader.read(object)).containsEntry("line", "Oct 11 22:14:15 h app: x [cut]");
    }

    static ParseJson parseJson(String sender, ZoneId zone) {
        return new ParseJson(sender, zone, new HostSpelling(HostsConfig.defaults(List.of()), sender));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String json(String frame) {
        return json.json(frame.getBytes(StandardCharsets.ISO_8859_1), Frames.NOW);
    }
}
