package org.loghost.control;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a running server. Any thread; one connection for each question. */
public final class ControlClient {
    private final Path socket;

    /** Of the server whose socket this is. */
    public ControlClient(Path socket) {
        this.socket = socket;
    }

    /**
     * What was answered.
     *
     * @param text for the operator, or JSON
     * @param well whether nothing needs the operator's attention; true when the question was not how the server is
     */
    public record Answer(String text, boolean well) {}

    /** The text of {@link #answer}. */
    public String ask(Question question, Duration limit) throws IOException {
        return answer(question, limit).text();
    }

    /**
     * The server's answer.
     *
     * @param limit how long to wait in all
     * @throws NotRunningException when no server runs
     * @throws IOException when it may not be asked, does not answer in time, or answers that it failed;
     *     the message is for the operator
     */
    public Answer answer(Question question, Duration limit) throws IOException {
        try (SocketChannel channel = connect();
                Exchange exchange = Exchange.over(channel)) {
            exchange.write(question.wireName() + "\n", limit);
            String[] head = exchange.readLine(limit).split(" ", -1);
            if (head.length != 2
                    || !head[1].matches("\\d{1,8}")
                    || Integer.parseInt(head[1]) > Exchange.LONGEST_ANSWER) {
                throw new IOException(socket + " does not answer as a loghost does");
            }
            String text = exchange.readText(Integer.parseInt(head[1]), limit);
            boolean attention = head[0].equals("attention");
            if (!attention && !head[0].equals("ok")) {
                throw new IOException(text);
            }
            return new Answer(text, !attention);
        } catch (SocketTimeoutException late) {
            throw new IOException(
                    "the loghost at " + socket + " did not answer within " + limit.toSeconds() + " s", late);
        }
    }

    /** Whether somebody answers there. */
    boolean isLive() {
        try (SocketChannel channel = connect()) {
            return channel.isConnected();
        } catch (IOException nobody) {
            return false;
        }
    }

    private SocketChannel connect() throws IOException {
        if (Files.notExists(socket)) {
            throw new NotRunningException("no loghost runs here: " + socket
                    + " does not exist (expected: loghost serve with the" + " same --config or --data)");
        }
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (ConnectException refused) {
            throw new NotRunningException("no loghost runs here: nobody listens at " + socket, refused);
        } catch (IOException failed) {
            throw new IOException(
                    "cannot ask the loghost at " + socket + ": " + failed.getMessage()
                            + " (expected: run as the server's user, as root, or in the group of [control] group)",
                    failed);
        }
    }
}
