package org.loghost.parse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.ZoneOffset;

/**
 * Any bytes give one harmless line and one JSON object. In the build the inputs of {@code ParseFuzzTestInputs} run;
 * with {@code JAZZER_FUZZ=1} new ones are sought.
 */
class ParseFuzzTest {
    private final Frames frames = new Frames();
    private final ParseJson json = ParseJsonTest.parseJson("192.0.2.50", ZoneOffset.UTC);

    @FuzzTest(maxDuration = "5m")
    void anyBytesAreUnderstoodSomehow(byte[] frame) {
        frames.clear();
        Lines.check(frames, frame);
        String object = json.json(frame, Frames.NOW);
        if (object != null) {
            JsonReader.read(object);
        }
    }
}
