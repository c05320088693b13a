package org.loghost.pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rules that only backtracking decides: that realistic lines are decided, and what becomes of the others. */
class BackReferenceTest {
    private static final String TWICE = "login (.*) failed.*login \\1 failed";

    @Test
    void aNameRepeatedBehindManyOthersIsFound() throws PatternException {
        PatternSet set = set(TWICE, false, false);
        assertThat(PatternSetTest.match(set, logins(20) + "login zz failed login zz failed")
                        .has(0))
                .isTrue();
        assertThat(PatternSetTest.match(set, logins(20)).has(0)).isFalse();
        assertThat(PatternSetTest.match(set, logins(30) + "login zz failed login zz failed")
                        .has(0))
                .isTrue();
        assertThat(set.overLimit()).isEmpty();
    }

    @Test
    void nestedRepetitionsAreNotTriedAllOverAgain() throws PatternException {
        PatternSet set = set("^(a*)*(a*)*(a*)*b(x)\\4", false, false);
        assertThat(PatternSetTest.match(set, "a".repeat(200) + "bxy").isEmpty()).isTrue();
        PatternSet words = set("\\b((\\w+) ?)*(\\w+ )*:$", false, true);
        assertThat(PatternSetTest.match(words, "word ".repeat(60)).isEmpty()).isTrue();
        assertThat(set.overLimit()).isEmpty();
        assertThat(words.overLimit()).isEmpty();
    }

    @Test
    void aLineThatTakesTooManyStepsIsReportedInTheGroupForThose() throws PatternException {
        byte[] line = PatternSetTest.bytes(logins(400));
        PatternSet set = PatternSet.builder()
                .undecidedGroup(7)
                .add(PatternSetTest.bytes(TWICE), false, 0, 17)
                .undecidedGroup(null)
                .add(PatternSetTest.bytes("failed.*" + TWICE), false, 0, 18)
                .build();
        assertThat(set.match(line, 0, line.length).toString()).isEqualTo("Matches[7:17]");
        assertThat(set.overLimit()).containsOnlyKeys(17, 18);
        assertThat(set.undecided(line, 0, line.length).stream()).containsExactly(17, 18);
    }

    @Test
    void rememberingWhereItHasBeenChangesNoAnswer() throws PatternException {
        long seed = 77;
        Random random = new Random(seed);
        PatternGenerator generator = new PatternGenerator(random);
        int matches = 0;
        for (int i = 0; i < 4_000; i++) {
            String pattern = switch (i % 4) {
                case 0 -> "(" + generator.nestedPattern(3) + ")" + generator.nestedPattern(2) + "\\1";
                case 1 -> "((a|b|ab)*)(" + generator.nestedPattern(2) + ")*\\1c*\\3";
                case 2 -> "((" + generator.nestedPattern(2) + ")*(\\2|b)*)+(" + generator.nestedPattern(2) + ")*$";
                default -> generator.backReferencePattern();
            };
            Ast ast;
            try {
                ast = Member.parse(PatternSetTest.bytes(pattern), false, 0, 0).ast();
            } catch (PatternException refused) {
                continue;
            }
            BackReferenceMatcher remembers = new BackReferenceMatcher(ast, false, false, 1_000_000, 0);
            BackReferenceMatcher forgets = new BackReferenceMatcher(ast, false, false, 1_000_000, Integer.MAX_VALUE);
            for (int k = 0; k < 5; k++) {
                byte[] line = PatternSetTest.bytes(k == 0 ? generator.oddLine() : letters(random));
                BackReferenceMatcher.Outcome plain = forgets.match(line, 0, line.length);
                if (plain != BackReferenceMatcher.Outcome.OVER_LIMIT) {
                    matches += plain == BackReferenceMatcher.Outcome.YES ? 1 : 0;
                    assertThat(remembers.match(line, 0, line.length))
                            .as("seed %d: <%s> in <%s>", seed, pattern, new String(line, UTF_8))
                            .isEqualTo(plain);
                }
            }
        }
        assertThat(matches).isBetween(1_000, 19_000);
    }

    private static String letters(Random random) {
        StringBuilder line = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            line.append("aabbc".charAt(random.nextInt(5)));
        }
        return line.toString();
    }

    private static String logins(int count) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < count; i++) {
            line.append(String.format(Locale.ROOT, "login %c%c failed ", 'a' + i % 26, 'A' + i / 26 % 26));
        }
        return line.toString();
    }

    private static PatternSet set(String pattern, boolean ignoreCase, boolean utf8) throws PatternException {
        return PatternSet.builder()
                .utf8(utf8)
                .add(pattern.getBytes(UTF_8), ignoreCase, 0, 17)
                .build();
    }
}
