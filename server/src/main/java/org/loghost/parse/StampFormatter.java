package org.loghost.parse;

/**
 * Writes the canonical stamp {@code Mmm dd hh:mm:ss}, always 15 bytes, the day padded with a blank.
 *
 * <p>One owner thread; the returned array is this object's own and valid until its next call.
 */
final class StampFormatter {
    private static final byte[] MONTHS = Ascii.bytes("JanFebMarAprMayJunJulAugSepOctNovDec");

    private final byte[] device = Ascii.bytes("Mmm dd hh:mm:ss");
    private final byte[] received = Ascii.bytes("Mmm dd hh:mm:ss");
    private final CivilTime civil = new CivilTime();
    private long receivedLocalSecond = Long.MIN_VALUE;

    /** The device's own wall clock as sent. */
    byte[] of(Stamp stamp) {
        format(device, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second);
        return device;
    }

    /** Any wall clock, in seconds since 1970-01-01T00:00:00 on its own scale; the last second is remembered. */
    byte[] of(long localSecond) {
        if (localSecond != receivedLocalSecond) {
            civil.set(localSecond);
            format(received, civil.month, civil.day, civil.hour, civil.minute, civil.second);
            receivedLocalSecond = localSecond;
        }
        return received;
    }

    private static void format(byte[] out, int month, int day, int hour, int minute, int second) {
        System.arraycopy(MONTHS, (month - 1) * 3, out, 0, 3);
        twoDigits(out, 4, day);
        if (day < 10) {
            out[4] = ' ';
        }
        twoDigits(out, 7, hour);
        twoDigits(out, 10, minute);
        twoDigits(out, 13, second);
    }

    private static void twoDigits(byte[] out, int at, int value) {
        out[at] = (byte) ('0' + value / 10);
        out[at + 1] = (byte) ('0' + value % 10);
    }
}
