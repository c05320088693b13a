package org.loghost.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The sockets of the demo's hosts, each bound to its host's own loopback address. One thread. */
final class DemoSender implements Closeable {
    private static final int CONNECT_MILLIS = 5_000;

    private final InetSocketAddress udp;
    private final InetSocketAddress tcp;
    private final Map<String, DatagramSocket> datagrams = new HashMap<>();
    private final Map<String, Socket> streams = new HashMap<>();

    /** Sends to these; opens sockets as hosts turn up. */
    DemoSender(InetSocketAddress udp, InetSocketAddress tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    void send(DemoScript.Message message) throws IOException {
        byte[] text = message.text().getBytes(StandardCharsets.UTF_8);
        switch (message.host().wire()) {
            case UDP -> datagram(message.host()).send(new DatagramPacket(text, text.length, udp));
            case TCP -> write(stream(message.host()), text, new byte[] {'\n'});
            case TCP_COUNTED ->
                write(stream(message.host()), (text.length + " ").getBytes(StandardCharsets.US_ASCII), text);
        }
    }

    private static void write(Socket socket, byte[] first, byte[] second) throws IOException {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        socket.getOutputStream().write(both);
    }

    private DatagramSocket datagram(DemoScript.Host host) throws IOException {
        DatagramSocket socket = datagrams.get(host.name());
        if (socket == null) {
            socket = new DatagramSocket(null);
            datagrams.put(host.name(), socket);
            bind(socket::bind, host);
        }
        return socket;
    }

    private Socket stream(DemoScript.Host host) throws IOException {
        Socket socket = streams.get(host.name());
        if (socket == null) {
            socket = new Socket();
            streams.put(host.name(), socket);
            bind(socket::bind, host);
            socket.connect(tcp, CONNECT_MILLIS);
        }
        return socket;
    }

    /** To the host's own address; where there is but one loopback address, to that. */
    private static void bind(Binding socket, DemoScript.Host host) throws IOException {
        byte[] address = new byte[4];
        String[] parts = host.address().split("\\.", -1);
        for (int i = 0; i < address.length; i++) {
            address[i] = (byte) Integer.parseInt(parts[i]);
        }
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(address), 0));
        } catch (BindException onlyOneLoopbackAddress) {
            socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));
        }
    }

    @FunctionalInterface
    private interface Binding {
        void bind(SocketAddress address) throws IOException;
    }

    @Override
    public void close() throws IOException {
        datagrams.values().forEach(DatagramSocket::close);
        for (Socket socket : streams.values()) {
            socket.close();
        }
    }
}
