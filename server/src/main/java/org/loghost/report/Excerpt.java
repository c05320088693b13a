package org.loghost.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.loghost.classify.Finding;

/**
 * The lines of one host that are printed in one section: all of them when there is room, else the first two thirds of
 * the room from the beginning and the rest from the end, so that neither the start nor the latest of a flood is hidden.
 * Holds no more than its room. One thread.
 */
final class Excerpt {

    /** A line to print. */
    record Line(long receivedMillis, String text, long cost, int repeat) {}

    private final Tally.HostLines counts;
    private final List<Line> head = new ArrayList<>();
    private final Deque<Line> tail = new ArrayDeque<>();
    /** Lines that are never cut and came after the head was full. */
    private final List<Line> kept = new ArrayList<>();

    private final long headLines;
    private final long headCost;
    private long headUsedLines;
    private long headUsedCost;
    private long tailUsedCost;
    private long criticalUsedCost;
    private long criticalCut;
    private boolean headFull;

    Excerpt(Tally.HostLines counts) {
        this.counts = counts;
        boolean whole = counts.roomLines >= counts.lines && counts.roomCost >= counts.cost;
        headLines = whole ? counts.roomLines : counts.roomLines - counts.roomLines / 3;
        headCost = whole ? counts.roomCost : counts.roomCost - counts.roomCost / 3;
    }

    void add(Finding finding) {
        String text = ShownText.of(finding.line());
        Line line = new Line(finding.receivedMillis(), text, ShownText.cost(text), finding.repeat());
        if (Tally.isCritical(finding)) {
            addCritical(line);
        } else if (!headFull && headUsedLines < headLines && headUsedCost + line.cost() <= headCost) {
            headUsedLines++;
            headUsedCost += line.cost();
            head.add(line);
        } else {
            headFull = true;
            addToTail(line);
        }
    }

    /** Printed before the gap, in time order. */
    List<Line> head() {
        head.sort(Comparator.comparingLong(Line::receivedMillis));
        return head;
    }

    /** Printed after the gap, in time order. */
    List<Line> tail() {
        List<Line> lines = new ArrayList<>(tail);
        lines.addAll(kept);
        lines.sort(Comparator.comparingLong(Line::receivedMillis));
        return lines;
    }

    /** Lines that are not printed. */
    long cut() {
        return counts.all() - shown();
    }

    /** Lines of severity emerg, alert or crit among them. */
    long criticalCut() {
        return criticalCut;
    }

    /** Lines that are. */
    long shown() {
        return (long) head.size() + tail.size() + kept.size();
    }

    /** Only the mail's greatest size cuts these. */
    private void addCritical(Line line) {
        if (criticalUsedCost + line.cost() > counts.roomCriticalCost) {
            criticalCut++;
            return;
        }
        criticalUsedCost += line.cost();
        (headFull ? kept : head).add(line);
    }

    private void addToTail(Line line) {
        tail.addLast(line);
        tailUsedCost += line.cost();
        while (!tail.isEmpty()
                && (tail.size() > counts.roomLines - headUsedLines || tailUsedCost > counts.roomCost - headUsedCost)) {
            tailUsedCost -= tail.removeFirst().cost();
        }
    }
}
