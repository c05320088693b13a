package org.loghost.classify;

import org.loghost.message.MessageBatch;
import org.loghost.rules.Verdicts;

/** What one classifying thread needs beside the batch; grows to the largest batch and stays. */
final class Scratch {
    private final Verdicts verdicts = new Verdicts();
    private int[] offsets = new int[MessageBatch.MAX_MESSAGES];
    private int[] lengths = new int[MessageBatch.MAX_MESSAGES];

    Scratch() {}

    /** Takes over where the texts for the rules lie. */
    void take(MessageBatch batch) {
        int count = batch.count();
        if (count > offsets.length) {
            offsets = new int[count * 2];
            lengths = new int[count * 2];
        }
        for (int i = 0; i < count; i++) {
            offsets[i] = batch.ruleOffset(i);
            lengths[i] = batch.ruleLength(i);
        }
    }

    int[] offsets() {
        return offsets;
    }

    int[] lengths() {
        return lengths;
    }

    Verdicts verdicts() {
        return verdicts;
    }
}
