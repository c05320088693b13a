package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PatternSetTest {
    @Test
    void reportsTheLowestMatchingRuleOfEachGroup() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder();
        builder.add(bytes("attack"), true, 0, 7);
        builder.add(bytes("ATT"), true, 0, 3);
        builder.add(bytes("failed$"), false, 5, 1);
        builder.add(bytes("never seen"), false, 300, 2);
        Matches matches = match(builder.build(), "an Attack failed");
        assertThat(matches.count()).isEqualTo(2);
        assertThat(matches.rule(0)).isEqualTo(3);
        assertThat(matches.rule(5)).isEqualTo(1);
        assertThat(matches.has(300)).isFalse();
        assertThat(matches.rule(300)).isEqualTo(-1);
    }

    @Test
    void anEmptySetMatchesNothing() {
        assertThat(match(PatternSet.builder().build(), "anything").isEmpty()).isTrue();
    }

    @Test
    void aRuleWithABackReferenceIsOneOfTheSet() throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(bytes("^user=([a-z]+) owner=\\1$"), false, 1, 4)
                .add(bytes("owner"), false, 1, 9)
                .build();
        assertThat(match(set, "user=ann owner=ann").rule(1)).isEqualTo(4);
        assertThat(match(set, "user=ann owner=bob").rule(1)).isEqualTo(9);
    }

    @Test
    void aRuleThatBacktracksWithoutEndIsCountedAndTakenNotToMatch() throws PatternException {
        PatternSet set = PatternSet.builder()
                .add(bytes("^(a*)*(a*)*(a*)*b\\1c"), false, 0, 17)
                .build();
        assertThat(match(set, "a".repeat(200) + "b" + "a".repeat(199) + "d").isEmpty())
                .isTrue();
        assertThat(set.overLimit()).containsEntry(17, 1L);
    }

    @Test
    void refusesAPatternOfBillionsOfPositionsAtOnceAndGoesOn() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder();
        assertThatThrownBy(() -> builder.add(bytes("((x{1,255}){1,255}){1,255}"), false, 0, 0))
                .isInstanceOf(PatternException.class)
                .hasMessageContaining("too large");
        builder.add(bytes("x"), false, 0, 1);
        assertThat(match(builder.build(), "x").rule(0)).isEqualTo(1);
    }

    @Test
    void matchesASliceOnly() throws PatternException {
        PatternSet set = PatternSet.builder().add(bytes("^b+$"), false, 0, 0).build();
        assertThat(set.match(bytes("abbbc"), 1, 3).has(0)).isTrue();
        assertThat(set.match(bytes("abbbc"), 1, 4).has(0)).isFalse();
    }

    static Matches match(PatternSet set, String line) {
        byte[] bytes = bytes(line);
        return set.match(bytes, 0, bytes.length);
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
