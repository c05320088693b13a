package org.loghost.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A mail server on loopback that answers by script, for what real test servers never say. */
final class ScriptedSmtp implements AutoCloseable {
    /** Answers by the beginning of the command; the longest beginning wins. "." is the end of the text. */
    final Map<String, String> answers = new ConcurrentHashMap<>();

    final List<String> commands = new CopyOnWriteArrayList<>();
    final List<String> texts = new CopyOnWriteArrayList<>();
    final AtomicInteger connections = new AtomicInteger();
    /** What EHLO is answered with beside STARTTLS. */
    final List<String> extensions = new CopyOnWriteArrayList<>();
    /** What a client's first words in TLS are answered with, before the connection ends; TLS when null. */
    volatile byte @Nullable [] insteadOfTls;

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final boolean offersStartTls;

    ScriptedSmtp(@Nullable SSLContext tls, boolean offersStartTls) throws IOException {
        this.tls = tls;
        this.offersStartTls = offersStartTls;
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "scripted-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread thread = new Thread(() -> talk(socket), "scripted-smtp-dialogue");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    private void talk(Socket accepted) {
        try (Socket socket = accepted) {
            talk(tls != null && !offersStartTls ? secured(socket) : socket, true);
        } catch (IOException e) {
            // The other side went away.
        }
    }

    private Socket secured(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        return secured;
    }

    private void talk(Socket socket, boolean greet) throws IOException {
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        OutputStream out = socket.getOutputStream();
        if (greet) {
            say(out, answer("greeting", "220 scripted"));
        }
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            commands.add(command);
            if (command.startsWith("EHLO")) {
                boolean clear = !(socket instanceof SSLSocket);
                String offers =
                        extensions.stream().map(line -> "\r\n250-" + line).collect(Collectors.joining());
                String offered = offersStartTls && clear ? "\r\n250-STARTTLS" : "";
                say(out, answer("EHLO", "250-scripted" + offered + offers + "\r\n250 HELP"));
            } else if (command.equals("STARTTLS") && !answers.containsKey(command)) {
                say(out, "220 go");
                if (insteadOfTls != null) {
                    socket.getInputStream().read(new byte[8_192]);
                    out.write(insteadOfTls);
                    return;
                }
                talk(secured(socket), false);
                return;
            } else if (command.equals("DATA")) {
                String go = answer(command, "354 go");
                say(out, go);
                if (go.startsWith("354")) {
                    texts.add(text(in));
                    say(out, answer(".", "250 taken"));
                }
            } else {
                say(out, answer(command, "250 ok"));
            }
        }
    }

    private static String text(BufferedReader in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
            text.append(line).append('\n');
        }
        return text.toString();
    }

    private String answer(String command, String usual) {
        String best = "";
        String answer = usual;
        for (Map.Entry<String, String> entry : answers.entrySet()) {
            if (command.startsWith(entry.getKey()) && entry.getKey().length() > best.length()) {
                best = entry.getKey();
                answer = entry.getValue();
            }
        }
        return answer;
    }

    /**
     * The answer "silence" is none, "hang up" ends the connection, "slowly" takes a second, "drip" comes octet by octet
     * for ever, and "endless" never ends, with {@code ~} as its line ends.
     */
    private static void say(OutputStream out, String answer) throws IOException {
        if (answer.equals("hang up")) {
            throw new IOException(answer);
        }
        if (answer.startsWith("endless ")) {
            byte[] part = answer.substring("endless ".length())
                    .replace("~", "\r\n")
                    .repeat(1_000)
                    .getBytes(StandardCharsets.ISO_8859_1);
            while (true) {
                out.write(part);
            }
        }
        while (answer.equals("drip")) {
            out.write('2');
            LockSupport.parkNanos(20_000_000);
        }
        if (answer.startsWith("slowly ")) {
            LockSupport.parkNanos(1_000_000_000);
        }
        if (!answer.equals("silence")) {
            out.write((answer.replace("slowly ", "") + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
