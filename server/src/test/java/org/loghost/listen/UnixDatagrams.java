package org.loghost.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** What another program does with a Unix datagram socket; the JDK knows only stream sockets of that kind. */
final class UnixDatagrams {
    private UnixDatagrams() {}

    /** Binds a socket and closes it, which leaves its file behind. */
    static void leaveBehind(Path path) throws IOException {
        Socket socket = open();
        socket.bind(new DomainSocketAddress(path.toString()));
        socket.close();
    }

    /** Sends each text as a datagram of its own. */
    static void send(Path path, String... texts) throws IOException {
        Socket socket = open();
        try {
            socket.connect(new DomainSocketAddress(path.toString()));
            for (String text : texts) {
                byte[] bytes = text.getBytes(ISO_8859_1);
                ByteBuffer datagram = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
                // The socket does not block: nothing is sent while the receiver's queue is full.
                await().until(() -> socket.send(datagram, 0, bytes.length) == bytes.length);
            }
        } finally {
            socket.close();
        }
    }

    private static Socket open() {
        Epoll.ensureAvailability();
        return Socket.newSocketDomainDgram();
    }
}
