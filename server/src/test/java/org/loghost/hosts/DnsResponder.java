package org.loghost.hosts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A name server on loopback for tests: answers PTR, A and AAAA questions from a table, "no such name" for the rest. While
 * it is silent it answers nothing; what was asked meanwhile is answered when it speaks again (RFC 1035 section 4).
 */
public final class DnsResponder implements AutoCloseable {
    private static final int A = 1;
    private static final int CNAME = 5;
    private static final int PTR = 12;
    private static final int AAAA = 28;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Map<String, List<String>> pointers = new ConcurrentHashMap<>();
    private final Map<String, String> delegated = new ConcurrentHashMap<>();
    private final Map<String, InetAddress> addresses = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    /** Guarded by this. */
    private final List<DatagramPacket> held = new ArrayList<>();

    private boolean silent;

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

    /** How many came so far. */
    public int questions() {
        return questions.get();
    }

    /** From now on answers nothing, or everything again. */
    public synchronized void silent(boolean nowSilent) throws IOException {
        silent = nowSilent;
        if (!silent) {
            for (DatagramPacket packet : held) {
                send(packet.getData(), packet.getSocketAddress());
            }
            held.clear();
        }
    }

    /** The PTR records of an address, in this order; none takes them away. */
    public void pointer(String address, String... names) throws IOException {
        pointers.put(ReverseDns.reverseName(InetAddress.getByName(address)), List.of(names));
    }

    /** The PTR record of an address stands in another zone, as RFC 2317 has it for small networks. */
    public void delegated(String address, String zoneName, String name) throws IOException {
        delegated.put(ReverseDns.reverseName(InetAddress.getByName(address)), zoneName);
        pointers.put(zoneName + ".", List.of(name));
    }

    /** The A or AAAA record of a name. */
    public void address(String name, String address) throws IOException {
        addresses.put(name.toLowerCase(Locale.ROOT) + ".", InetAddress.getByName(address));
    }

    /** PTR and the record that leads back. */
    public void host(String address, String name) throws IOException {
        pointer(address, name);
        address(name, address);
    }

    private void answerAll() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                questions.incrementAndGet();
                answerOrHold(packet);
            }
        } catch (SocketException closed) {
            // the test is over
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void answerOrHold(DatagramPacket packet) throws IOException {
        if (silent) {
            held.add(packet);
        } else {
            send(packet.getData(), packet.getSocketAddress());
        }
    }

    private void send(byte[] question, SocketAddress to) throws IOException {
        byte[] answer = answer(question);
        socket.send(new DatagramPacket(answer, answer.length, to));
    }

    private byte[] answer(byte[] question) throws IOException {
        StringBuilder asked = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            asked.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII))
                    .append('.');
            at += question[at] + 1;
        }
        int questionEnd = at + 5;
        List<byte[]> records = records(asked.toString().toLowerCase(Locale.ROOT), question[at + 2] & 0xff);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(question, 0, 2);
        int code = records.isEmpty() ? 0x83 : 0x80;
        out.write(new byte[] {(byte) 0x81, (byte) code, 0, 1, 0, (byte) records.size(), 0, 0, 0, 0});
        out.write(question, 12, questionEnd - 12);
        for (byte[] record : records) {
            out.write(record);
        }
        return out.toByteArray();
    }

    private List<byte[]> records(String name, int type) throws IOException {
        List<byte[]> records = new ArrayList<>();
        InetAddress address = addresses.get(name);
        if (type == PTR) {
            String zoneName = delegated.get(name);
            if (zoneName != null) {
                records.add(record(encoded(name), CNAME, encoded(zoneName)));
            }
            String owner = zoneName == null ? name : zoneName + ".";
            for (String pointer : pointers.getOrDefault(owner, List.of())) {
                records.add(record(encoded(owner), PTR, encoded(pointer)));
            }
        } else if (address != null && type == (address.getAddress().length == 4 ? A : AAAA)) {
            records.add(record(encoded(name), type, address.getAddress()));
        }
        return records;
    }

    private static byte[] record(byte[] owner, int type, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(owner);
        out.writeBytes(new byte[] {0, (byte) type, 0, 1, 0, 0, 14, 16, 0, (byte) data.length});
        out.writeBytes(data);
        return out.toByteArray();
    }

    private static byte[] encoded(String name) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String label : (name.endsWith(".") ? name.substring(0, name.length() - 1) : name).split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.write(0);
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
