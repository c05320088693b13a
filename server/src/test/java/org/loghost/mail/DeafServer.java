package org.loghost.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** A mail server that asks for the text and then does not read it. */
final class DeafServer implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final CountDownLatch over = new CountDownLatch(1);

    DeafServer() throws IOException {
        Thread thread = new Thread(this::serve, "deaf-smtp");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    private void serve() {
        try (Socket socket = server.accept()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            out.write("220 deaf\r\n".getBytes(StandardCharsets.ISO_8859_1));
            for (String command = in.readLine(); command != null; command = in.readLine()) {
                boolean text = command.equals("DATA");
                out.write((text ? "354 go\r\n" : "250 ok\r\n").getBytes(StandardCharsets.ISO_8859_1));
                if (text) {
                    over.await();
                }
            }
        } catch (IOException e) {
            // The test is over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
    }
}
