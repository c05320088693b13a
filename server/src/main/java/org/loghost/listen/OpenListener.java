package org.loghost.listen;

import java.net.SocketAddress;
import org.loghost.message.Listener;

/**
 * A listener that is open, as {@code status} shows it.
 *
 * @param address where it is bound; a port chosen by the kernel is told
 * @param receiveBufferAsked bytes asked of the kernel for a UDP socket; 0 for the others
 * @param receiveBufferGranted bytes the kernel gave, in the same measure
 */
public record OpenListener(
        Listener listener, SocketAddress address, int receiveBufferAsked, int receiveBufferGranted) {}
