package org.loghost.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.loghost.message.MessageBatch;

class ParseInputTest {
    private final List<String> messages = new ArrayList<>();
    private int allFlags;

    @Test
    void everyLineIsAMessageAlsoAnEmptyOneAndTheLastWithoutAnEnd() throws IOException {
        ParseInput.lines(in("<13>a\n\n<14>b\u00ff"), false, this::add);
        assertThat(messages).containsExactly("<13>a", "", "<14>b\u00ff");
    }

    @Test
    void escapesStandForBytesAndEverythingElseForItself() throws IOException {
        ParseInput.lines(in("a\\x0ab\\x00\\xFf\\x5cx41\\n\\x4\\xzz\\x4g\\\n\\x41\n\\x4"), true, this::add);
        assertThat(messages).containsExactly("a\nb\u0000\u00ff\\x41\\n\\x4\\xzz\\x4g\\", "A", "\\x4");
    }

    @Test
    void aStreamIsCutAsATcpListenerDoes() throws IOException {
        ParseInput.stream(in("<13>one\n\n8 <13>a\nb7<14>two\n5 <1>x"), false, this::add);
        assertThat(messages).startsWith("<13>one", "<13>a\nb7").endsWith("<1>x");
    }

    @Test
    void aStreamMayBeEscapedToo() throws IOException {
        ParseInput.stream(in("<13>one\\x0a<14>two"), true, this::add);
        assertThat(messages).containsExactly("<13>one", "<14>two");
    }

    @Test
    void anOverlongFrameOfAStreamIsMarked() throws IOException {
        ParseInput.stream(in("<13>" + "x".repeat(70_000) + "\n<14>y\n"), false, this::add);
        assertThat(messages).hasSize(2).last().isEqualTo("<14>y");
        assertThat(messages.get(0)).hasSize(65_536);
        assertThat(allFlags).isEqualTo(MessageBatch.TRUNCATED);
    }

    private void add(byte[] bytes, int offset, int length, int flags) {
        messages.add(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
        allFlags |= flags;
    }

    private static ByteArrayInputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
