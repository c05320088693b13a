package org.loghost.classify;

/**
 * How findings lie in a segment file, all numbers big-endian:
 *
 * <pre>
 * record  = MAGIC(2) length(4) crc32c(4) payload(length)
 * payload = received millis(8) tiers(1) pri(1) repeat(4)
 *           hostLength(1) host ruleLength(2) rule meaningLength(2) meaning line
 * </pre>
 *
 * The checksum is that of the payload (CRC-32C, RFC 3720 appendix B.4). The magic holds control bytes, which no line
 * does, so that a line cannot pass for a record when a damaged file is searched for the next one.
 */
final class RecordFormat {
    static final int MAGIC = 0x1e02;
    static final int HEADER = 10;
    /** Received time to host length. */
    static final int FIXED = 15;
    /** Lines are far shorter as a rule; what is beyond is cut. */
    static final int MAX_PAYLOAD = 16 << 20;

    static final int MAX_HOST = 255;
    static final int MAX_TEXT = 0xffff;

    private RecordFormat() {}
}
