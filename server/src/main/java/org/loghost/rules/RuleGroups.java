package org.loghost.rules;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.loghost.pattern.PatternSet;

/**
 * Which group of its automaton a rule belongs to. In logcheck's folders a violations file is cancelled by its own ignore
 * files and by the local ones, so that a violations file with ignore files of its own is a group of its own; all others
 * share one. The violations file {@code logcheck} is the general one: every ignore file cancels it, and what a file of
 * another name matches is that file's alone. LogSentry's files are one group each. Immutable once made.
 */
final class RuleGroups {
    /** The group of attacks among the alarms. */
    static final int ATTACK = 0;
    /** The group of all ignore rules. */
    static final int IGNORE = 0;

    private static final int SHARED_VIOLATIONS = 1;
    /**
     * The group of violations rules that gave up on a line, among logcheck's: nothing cancels it, and the general file
     * does not step back for it, since the line may be none of theirs.
     */
    static final int UNDECIDED = 2;

    private static final int LOCAL_RELIEFS = 0;
    private static final int UNUSED_RELIEFS = 1;
    private static final int[] LOCAL_ONLY = {LOCAL_RELIEFS};
    private static final String GENERAL = "logcheck";
    /** The general file does not step back for files whose names begin so. */
    private static final String KIN_OF_GENERAL = "logchec";

    private static final int NO_GROUP = -1;

    private final Map<String, Integer> violations = new HashMap<>();
    private final Map<String, Integer> reliefs = new HashMap<>();
    private final List<int[]> cancelling = new ArrayList<>();
    private final BitSet kin = new BitSet();
    private final Set<String> withoutRoom = new LinkedHashSet<>();
    private int general = NO_GROUP;

    RuleGroups(List<RuleLine> lines) {
        Set<String> reliefNames = new HashSet<>();
        for (RuleLine line : lines) {
            if (line.source().kind() == Rule.Kind.VIOLATION_IGNORE) {
                reliefNames.add(line.source().family());
            }
        }
        cancelling.add(new int[0]);
        cancelling.add(LOCAL_ONLY);
        cancelling.add(new int[0]);
        kin.set(UNDECIDED);
        for (RuleLine line : lines) {
            String family = line.source().family();
            if (line.source().kind() == Rule.Kind.VIOLATION && !violations.containsKey(family)) {
                addFamily(family, reliefNames);
            }
        }
        if (general != NO_GROUP) {
            IntStream all = IntStream.rangeClosed(LOCAL_RELIEFS, UNUSED_RELIEFS + reliefs.size());
            cancelling.set(general, all.toArray());
        }
    }

    private void addFamily(String family, Set<String> reliefNames) {
        List<Integer> own = new ArrayList<>();
        own.add(LOCAL_RELIEFS);
        for (String relief : List.of(family, "logcheck-" + family)) {
            if (!reliefNames.contains(relief) || isLocal(relief)) {
                continue;
            }
            if (hasRoom()) {
                own.add(reliefs.computeIfAbsent(relief, name -> UNUSED_RELIEFS + 1 + reliefs.size()));
            } else {
                withoutRoom.add(family);
            }
        }
        boolean isKin = family.startsWith(KIN_OF_GENERAL) && hasRoom();
        if (family.startsWith(KIN_OF_GENERAL) && !isKin) {
            withoutRoom.add(family);
        }
        if (own.size() == 1 && !isKin) {
            violations.put(family, SHARED_VIOLATIONS);
            return;
        }
        int group = cancelling.size();
        violations.put(family, group);
        cancelling.add(own.stream().mapToInt(Integer::intValue).toArray());
        kin.set(group, isKin);
        if (isKin && family.equals(GENERAL)) {
            general = group;
        }
    }

    /** Violations files that, as there are hundreds, are not cancelled by what should; all they report is reported. */
    boolean hasNoRoomFor(RuleSource source) {
        return source.kind() == Rule.Kind.VIOLATION && withoutRoom.contains(source.family());
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

    /**
     * The group in which a rule counts for a line on which it gives up, or null where it then counts for none: what it
     * might have reported is reported, what it might have hidden too.
     */
    @Nullable
    Integer undecided(RuleSource source, RulesConfig.Style style) {
        if (source.kind().hides()) {
            return null;
        }
        boolean cancelledMeansHidden = source.kind() == Rule.Kind.VIOLATION && style == RulesConfig.Style.LOGCHECK;
        return cancelledMeansHidden ? UNDECIDED : Integer.valueOf(of(source));
    }

    /** The relief groups that cancel a group of violations. */
    int[] cancelling(int violationsGroup) {
        return cancelling.get(violationsGroup);
    }

    /** Whether a group of violations counts only for lines that none of the others matches that are not its kin. */
    boolean isGeneral(int violationsGroup) {
        return violationsGroup == general;
    }

    /** Whether the general group steps back where this group of violations matches. */
    boolean outranksGeneral(int violationsGroup) {
        return !kin.get(violationsGroup);
    }

    /** Whether a violations file of this name does not count for lines that one of the other name matches. */
    static boolean stepsBack(String violations, String other) {
        return violations.equals(GENERAL) && !other.startsWith(KIN_OF_GENERAL);
    }

    /** Whether an ignore file of this name applies to a violations file of that name. */
    static boolean isRelief(String violations, String relief) {
        return violations.equals(GENERAL)
                || relief.equals(violations)
                || relief.equals("logcheck-" + violations)
                || isLocal(relief);
    }

    /** LogSentry's only ignore file has no name here and applies to all. */
    private static boolean isLocal(String relief) {
        return relief.isEmpty() || relief.equals("local") || relief.startsWith("local-");
    }
}
