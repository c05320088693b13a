package org.loghost.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.loghost.pattern.PatternSet;

/**
 * Which group of its automaton a rule belongs to. In logcheck's folders a violations file is cancelled by its own ignore
 * files and by the local ones, so that a violations file with ignore files of its own is a group of its own; all others
 * share one. LogSentry's files are one group each. Immutable once made.
 */
final class RuleGroups {
    /** The group of attacks among the alarms. */
    static final int ATTACK = 0;
    /** The group of all ignore rules. */
    static final int IGNORE = 0;

    private static final int SHARED_VIOLATIONS = 1;
    private static final int LOCAL_RELIEFS = 0;
    private static final int UNUSED_RELIEFS = 1;
    private static final int[] LOCAL_ONLY = {LOCAL_RELIEFS};

    private final Map<String, Integer> violations = new HashMap<>();
    private final Map<String, Integer> reliefs = new HashMap<>();
    private final List<int[]> cancelling = new ArrayList<>();

    RuleGroups(List<RuleLine> lines) {
        Set<String> reliefNames = new HashSet<>();
        for (RuleLine line : lines) {
            if (line.source().kind() == Rule.Kind.VIOLATION_IGNORE) {
                reliefNames.add(line.source().family());
            }
        }
        cancelling.add(new int[0]);
        cancelling.add(LOCAL_ONLY);
        for (RuleLine line : lines) {
            String family = line.source().family();
            if (line.source().kind() == Rule.Kind.VIOLATION && !violations.containsKey(family)) {
                addFamily(family, reliefNames);
            }
        }
    }

    private void addFamily(String family, Set<String> reliefNames) {
        List<Integer> own = new ArrayList<>();
        own.add(LOCAL_RELIEFS);
        for (String relief : List.of(family, "logcheck-" + family)) {
            if (reliefNames.contains(relief) && !isLocal(relief) && hasRoom()) {
                own.add(reliefs.computeIfAbsent(relief, name -> UNUSED_RELIEFS + 1 + reliefs.size()));
            }
        }
        if (own.size() == 1) {
            violations.put(family, SHARED_VIOLATIONS);
        } else {
            violations.put(family, cancelling.size());
            cancelling.add(own.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    /** Hundreds of files with ignore files of their own: those beyond are cancelled by the local ones alone. */
    private boolean hasRoom() {
        return Math.max(reliefs.size() + UNUSED_RELIEFS + 1, cancelling.size()) < PatternSet.MAX_GROUPS;
    }

    /** The group of a file's rules in the automaton of their kind. */
    int of(RuleSource source) {
        return switch (source.kind()) {
            case ATTACK -> ATTACK;
            case VIOLATION -> violations.getOrDefault(source.family(), SHARED_VIOLATIONS);
            case VIOLATION_IGNORE ->
                isLocal(source.family()) ? LOCAL_RELIEFS : reliefs.getOrDefault(source.family(), UNUSED_RELIEFS);
            case IGNORE -> IGNORE;
        };
    }

    /** The relief groups that cancel a group of violations. */
    int[] cancelling(int violationsGroup) {
        return cancelling.get(violationsGroup);
    }

    /** Whether an ignore file of this name applies to a violations file of that name. */
    static boolean isRelief(String violations, String relief) {
        return relief.equals(violations) || relief.equals("logcheck-" + violations) || isLocal(relief);
    }

    /** LogSentry's only ignore file has no name here and applies to all. */
    private static boolean isLocal(String relief) {
        return relief.isEmpty() || relief.equals("local") || relief.startsWith("local-");
    }
}
