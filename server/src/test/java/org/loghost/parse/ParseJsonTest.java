package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParseJsonTest {
    private final ParseJson json = new ParseJson("Gate.example", ZoneOffset.UTC);

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
        ParseJson berlin = new ParseJson("gate", ZoneId.of("Europe/Berlin"));

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

    private String json(String frame) {
        return json.json(frame.getBytes(StandardCharsets.ISO_8859_1), Frames.NOW);
    }
}
