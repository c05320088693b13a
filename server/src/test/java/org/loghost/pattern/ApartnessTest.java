package org.loghost.pattern;

import static org.assertj.core.api.Assertions.assertThat;

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
    void aHintLeavesOutManyWidePositionsInARow() throws PatternException {
        Branch hint = new Apartness().hint(branch("ab.........cdefg.........h"));
        assertThat(hint.items()).hasSizeLessThan(15);
    }

    private static boolean hint(String rule, Matches hinted, String line) throws PatternException {
        Nfa nfa = new Nfa();
        nfa.add(new Apartness().hint(branch(rule)), 0);
        LazyDfa dfa = new LazyDfa(nfa, nfa.finish(), new Matches[] {hinted}, new MatchesPool(), 1 << 20);
        byte[] bytes = PatternSetTest.bytes(line);
        return !dfa.match(bytes, 0, bytes.length).isEmpty();
    }

    private static Branch branch(String rule) throws PatternException {
        return Branch.of(Member.parse(PatternSetTest.bytes(rule), false, 0, 0).ast())
                .get(0);
    }
}
