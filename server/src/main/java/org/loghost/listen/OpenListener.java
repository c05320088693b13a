package org.loghost.listen;

import java.net.SocketAddress;
import java.util.Locale;
import org.loghost.message.Listener;

/**
 * A listener that is open, as {@code status} shows it.
 *
 * @param address where it is bound; a port chosen by the kernel is told
 * @param receiveBufferAsked bytes asked of the kernel for a UDP socket; 0 for the others
 * @param receiveBufferGranted bytes the kernel gave, in the same measure
 */
public record OpenListener(Listener listener, SocketAddress address, int receiveBufferAsked, int receiveBufferGranted) {

    /** What the kernel gave of the receive buffer, in words; empty for a listener that has none of its own. */
    public String receiveBuffer() {
        if (receiveBufferAsked == 0) {
            return "";
        }
        String granted = "receive buffer " + kibibytes(receiveBufferGranted);
        return receiveBufferGranted >= receiveBufferAsked
                ? granted
                : granted + " of " + kibibytes(receiveBufferAsked) + " asked, see net.core.rmem_max";
    }

    private static String kibibytes(int bytes) {
        return String.format(Locale.ROOT, "%,d KiB", bytes >> 10);
    }
}
