package org.loghost.classify;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One line that fell into at least one tier, as it is kept until a report has told it.
 *
 * @param receivedMillis the server's clock when it came, milliseconds since the epoch
 * @param host the host's name
 * @param pri the message's PRI, 0 to 191
 * @param tiers the tiers it fell into, never empty
 * @param rule the rule that put it into its highest tier, as {@code logcheck.violations:37}; null for Unusual
 * @param meaning the meaning and first response that stand above that rule, or null
 * @param repeat how many events the line stands for
 * @param line the canonical line, one byte per char (ISO 8859-1), no control bytes
 */
public record Finding(
        long receivedMillis,
        String host,
        int pri,
        Set<Tier> tiers,
        @Nullable String rule,
        @Nullable String meaning,
        int repeat,
        String line) {

    /** The highest tier. */
    public Tier highest() {
        for (Tier tier : Tier.values()) {
            if (tiers.contains(tier)) {
                return tier;
            }
        }
        throw new IllegalStateException("tiers: none (expected: at least one)");
    }
}
