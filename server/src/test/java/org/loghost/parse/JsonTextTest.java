package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    private static final String ODD = "a\"b\\c\u001b[1m\n\u007f\u009b\u00e9\u2028\ud83d\ude00";

    @Test
    void aTextIsQuotedSoThatNoControlCharacterIsLeft() {
        assertThat(JsonText.quoted(ODD))
                .isEqualTo("\"a\\\"b\\\\c\\u001b[1m\\u000a\\u007f\\u009b\u00e9\\u2028\ud83d\ude00\"");
    }

    @Test
    void whatIsWrittenReadsBackTheSame() {
        Map<String, String> read = JsonReader.read(new JsonText()
                .field("odd", ODD)
                .field("number", -7)
                .field("truth", true)
                .field("nothing", null)
                .end());
        assertThat(read)
                .containsEntry("odd", ODD)
                .containsEntry("number", "-7")
                .containsEntry("truth", "true")
                .containsEntry("nothing", "null");
    }

    @Test
    void aListIsAnArrayOfTexts() {
        assertThat(JsonText.list(List.of())).isEqualTo("[]");
        assertThat(JsonText.list(List.of("a", "\""))).isEqualTo("[\"a\",\"\\\"\"]");
    }
}
