package org.loghost.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ApartnessTest {
    @Test
    void theHintIsTheStretchThatTellsMost() throws PatternException {
        Matches hinted = new Matches(new int[] {0}, new int[] {0}, new int[0]);
        String rule = "%[A-Z]+[^:]*: .*(link|port) is down";
        assertThat(hint(rule, hinted, "gw %LINK-3-UPDOWN: the port is down")).isTrue();
        assertThat(hint(rule, hinted, "gw kernel: link is down")).isTrue();
        assertThat(hint(rule, hinted, "gw %LINK-3-UPDOWN: the port is up")).isFalse();
    }

    @Test
    void anAnchoredBeginningTellsMoreThanAFewBytesInTheMiddle() throws PatternException {
        Matches hinted = new Matches(new int[] {0}, new int[] {0}, new int[0]);
        assertThat(hint("^kernel.*: .{9}x", hinted, "kernel")).isTrue();
        assertThat(hint("^kernel.*: .{9}x", hinted, "a kernel: 123456789x")).isFalse();
    }

    @Test
    void whatAnAnchoredRuleHasBesideACommonBeginningIsPartOfItsHint() throws PatternException {
        Matches hinted = new Matches(new int[] {0}, new int[] {0}, new int[0]);
        String rule = "^[A-Z][a-z]{2} host .*refused.*by us$";
        assertThat(hint(rule, hinted, "Feb host we refused it")).isTrue();
        assertThat(hint(rule, hinted, "Feb host we took it by us")).isFalse();
        assertThat(hint(rule, hinted, "Feb tsoh we refused it")).isFalse();
    }

    @Test
    void anchoredRulesWithOneBeginningThatRememberAreApartButForTheFirst() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder();
        for (int i = 0; i < 20; i++) {
            builder.add(PatternSetTest.bytes("^host .*a" + i + " .*b" + i + "$"), false, 0, i);
            builder.add(PatternSetTest.bytes("^host prog" + i + " .*a.*b$"), false, 0, 100 + i);
            builder.add(PatternSetTest.bytes("^host .*c" + i + "$"), false, 0, 200 + i);
            builder.add(PatternSetTest.bytes("^host d" + i + " .*d$"), false, 0, 300 + i);
        }
        PatternSet set = builder.build();
        assertThat(set.apart()).isEqualTo(16);
        assertThat(PatternSetTest.match(set, "host x a17 x a9 y b9").rule(0)).isEqualTo(9);
        assertThat(PatternSetTest.match(set, "host x a17 x a9 y b19").rule(0)).isEqualTo(-1);
    }

    @Test
    void theStatesOfAnchoredRulesThatRememberStayFew() throws PatternException {
        PatternSet.Builder builder = PatternSet.builder().memory(16 << 20);
        for (int i = 0; i < 300; i++) {
            builder.add(PatternSetTest.bytes("^[a-z]+ .*one" + i + "-.*two" + i + "-$"), false, 0, i);
        }
        PatternSet set = builder.build();
        Random random = new Random(4);
        for (int i = 0; i < 1_000; i++) {
            StringBuilder line = new StringBuilder("host ");
            while (line.length() < 340) {
                line.append("one").append(random.nextInt(300)).append("- ");
            }
            int rule = random.nextInt(300);
            line.append("one").append(rule).append("- two").append(rule).append('-');
            assertThat(PatternSetTest.match(set, line.toString()).isEmpty()).isFalse();
        }
        assertThat(set.states()).isLessThan(8_000);
        assertThat(set.simulatedLines()).isZero();
    }

    @Test
    void aHintLeavesOutManyWidePositionsInARow() throws PatternException {
        Branch hint = new Apartness(false).hint(branch("ab.........cdefg.........h"));
        assertThat(hint.items()).hasSizeLessThan(15);
    }

    private static boolean hint(String rule, Matches hinted, String line) throws PatternException {
        Nfa nfa = new Nfa();
        nfa.add(new Apartness(false).hint(branch(rule)), 0);
        LazyDfa dfa = new LazyDfa(nfa, nfa.finish(), new Matches[] {hinted}, new MatchesPool(1 << 20), 1 << 20);
        byte[] bytes = PatternSetTest.bytes(line);
        return !dfa.match(bytes, 0, bytes.length).isEmpty();
    }

    private static Branch branch(String rule) throws PatternException {
        return Branch.of(Member.parse(PatternSetTest.bytes(rule), false, 0, 0).ast())
                .get(0);
    }
}
