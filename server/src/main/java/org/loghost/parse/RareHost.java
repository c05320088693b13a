package org.loghost.parse;

import java.util.Arrays;

/**
 * Finds the host where something else stands before it, or where it ends otherwise than at a blank:
 *
 * <pre>
 * user.info cms01 authp: …      a severity in front; it stays in the line, behind the host
 * - app[3]: …                   the nil of RFC 5424: no host
 * node-02: node-02: …           NetApp names itself twice
 * win1\tMSWinEventLog\t1\t…    Snare
 * </pre>
 *
 * <p>One owner thread: {@link #find} fills the fields.
 */
final class RareHost {
    private final HostWord hostWord = new HostWord();

    int hostOffset;
    /** 0 when the sender is the host. */
    int hostLength;

    int originOffset;
    int originLength;
    /** Where the text starts. */
    int textOffset;
    /** How long the host's name is that the text starts with, and that is no program; or 0. */
    int nameLength;

    /** Looks at the word {@code [pos, wordEnd)} and what follows it at {@code next}. */
    boolean find(byte[] bytes, int pos, int wordEnd, int next, int end) {
        hostLength = 0;
        originLength = 0;
        nameLength = 0;
        if (next == end) {
            return findSnare(bytes, pos, end);
        }
        if (bytes[pos] == '-' && wordEnd == pos + 1) {
            textOffset = next;
            return TagParser.isTag(bytes, next, end);
        }
        return findBehindSeverity(bytes, pos, wordEnd, next, end)
                || findDoubled(bytes, pos, wordEnd, next, end)
                || findSnare(bytes, pos, end);
    }

    private boolean findBehindSeverity(byte[] bytes, int pos, int wordEnd, int next, int end) {
        if (!SeverityWord.is(bytes, pos, wordEnd)) {
            return false;
        }
        int hostEnd = Ascii.wordEnd(bytes, next, end);
        int tag = Ascii.skipBlanks(bytes, hostEnd, end);
        // Behind a bare severity a word and a colon are as often a logger and its module.
        boolean tagged = SeverityWord.hasFacility(bytes, pos, wordEnd)
                ? TagParser.isTag(bytes, tag, end)
                : TagParser.isWithId(bytes, tag, end);
        if (!tagged || !hostWord.find(bytes, next, hostEnd) || NotAHost.contains(bytes, next, hostEnd)) {
            return false;
        }
        accept(tag);
        originOffset = pos;
        originLength = wordEnd - pos;
        return true;
    }

    private boolean findDoubled(byte[] bytes, int pos, int wordEnd, int next, int end) {
        int length = wordEnd - pos;
        boolean twice = bytes[wordEnd - 1] == ':'
                && Ascii.isAt(bytes, next + length, end, ' ')
                && Arrays.equals(bytes, pos, wordEnd, bytes, next, next + length);
        if (!twice || !hostWord.find(bytes, pos, wordEnd - 1) || NotAHost.contains(bytes, pos, wordEnd - 1)) {
            return false;
        }
        accept(next);
        nameLength = length;
        return true;
    }

    /** Whether a host, a tab and the name of one of Snare's agents stand at {@code pos}. */
    boolean findSnare(byte[] bytes, int pos, int end) {
        originLength = 0;
        nameLength = 0;
        int tab = Ascii.visibleEnd(bytes, pos, end);
        if (!Ascii.isAt(bytes, tab, end, '\t')
                || TagParser.snareEnd(bytes, tab + 1, end) < 0
                || !hostWord.find(bytes, pos, tab)) {
            return false;
        }
        accept(tab + 1);
        return true;
    }

    private void accept(int text) {
        hostOffset = hostWord.offset;
        hostLength = hostWord.length;
        textOffset = text;
    }
}
