package org.loghost.hosts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server on loopback for tests: answers PTR and A questions from a table, "no such name" for the rest, or nothing
 * at all while it is silent (RFC 1035 section 4).
 */
public final class DnsResponder implements AutoCloseable {
    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<String, String> pointers = new ConcurrentHashMap<>();
    private final Map<String, String> addresses = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean silent;

    /** Answers from now on, until it is closed. */
    public DnsResponder() throws IOException {
        Thread thread = new Thread(this::answerAll, "dns-responder");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@code host:port} as the configuration takes it. */
    public String server() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    int questions() {
        return questions.get();
    }

    void silent(boolean nowSilent) {
        silent = nowSilent;
    }

    /** The PTR record of an IPv4 address. */
    public void pointer(String address, String name) throws IOException {
        pointers.put(ReverseDns.reverseName(InetAddress.getByName(address)), name);
    }

    /** The A record of a name. */
    public void address(String name, String address) {
        addresses.put(name + ".", address);
    }

    private void answerAll() {
        byte[] buffer = new byte[1500];
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                questions.incrementAndGet();
                if (!silent) {
                    byte[] answer = answer(packet.getData());
                    socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] answer(byte[] question) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += question[at] + 1;
        }
        int type = question[at + 2] & 0xff;
        int questionEnd = at + 5;
        byte[] data = null;
        if (type == 12 && pointers.containsKey(name.toString())) {
            data = encoded(pointers.get(name.toString()));
        } else if (type == 1 && addresses.containsKey(name.toString())) {
            data = InetAddress.getByName(addresses.get(name.toString())).getAddress();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(question, 0, 2);
        out.write(new byte[] {
            (byte) 0x81, (byte) (data == null ? 0x83 : 0x80), 0, 1, 0, (byte) (data == null ? 0 : 1), 0, 0, 0, 0
        });
        out.write(question, 12, questionEnd - 12);
        if (data != null) {
            out.write(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 14, 16, 0, (byte) data.length});
            out.write(data);
        }
        return out.toByteArray();
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
