package org.loghost.rules;

import java.util.List;

/**
 * Why a line is reported or hidden.
 *
 * @param tiers the tiers, as in {@link Verdicts#tiers}
 * @param rules every rule that matches the line and had a say, in the order of the rule files; what each does is its
 *     {@link Rule#kind()}
 * @param undecided every rule that gave up on the line; one that reports was taken to match, one that hides not to
 */
public record Explanation(int tiers, List<Rule> rules, List<Rule> undecided) {}
