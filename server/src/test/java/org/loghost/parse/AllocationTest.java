package org.loghost.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No object per message: what a batch needs is there before the first. */
class AllocationTest {
    private static final int MESSAGES = 20_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<35>Nov 22 06:30:00 goblin sshd[42]: Failed password for root from 10.0.0.1 port 22 ssh2",
                "<35>2026-11-22T06:30:00.123456+01:00 goblin sshd[42]: Failed password for root",
                "<35>1 2026-11-22T06:30:00.123Z goblin sshd 42 ID47 [a@1 b=\"c\"][meta x=\"1\"] Failed password",
                "<35>Nov 22 06:30:00 su: FAILED SU",
                "<13>no header at all\u001b[2J",
                "<13>1770312738.123 goblin app: x",
                "<189>30: goblin: 6340004: *Mar  4 11:45:20.123 UTC: %SYS-5-CONFIG_I: Configured",
                "<189>45: goblin : Nov 22 2026 12:14:14 AM.141 +02:00 : %SYS-5-CONFIG_I: Configured",
                "<190>Nov 22 06:30:00 goblin xr1 RP/0/RP0/CPU0:Nov 22 06:30:00 MEZ: config[65539]: %MGBL-CONFIG-6-X :"
                        + " x",
                "<166>Nov 22 06:30:00 goblin: %ASA-6-302013: Built",
                "<13>Oct 11 22:14:15 goblin app: message repeated 5 times: [ real text]",
                "<192>broken",
            })
    void noObjectPerMessage(String text) {
        byte[] frame = text.getBytes(StandardCharsets.ISO_8859_1);
        Frames frames = new Frames();
        write(frames, frame); // warm: names, zone intervals, class loading
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long id = Thread.currentThread().getId();

        long before = threads.getThreadAllocatedBytes(id);
        write(frames, frame);
        long perMessage = (threads.getThreadAllocatedBytes(id) - before) / MESSAGES;

        assertThat(perMessage).isZero();
    }

    private static void write(Frames frames, byte[] frame) {
        long now = Frames.NOW.toEpochMilli();
        for (int i = 0; i < MESSAGES; i++) {
            if (frames.batch.isFull()) {
                frames.clear();
            }
            int offset = frames.put(frame);
            frames.writer.write(frames.batch, offset, frame.length, frames.sender, now + i, 0);
        }
        frames.clear();
    }
}
