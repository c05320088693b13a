package org.loghost.control;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The control socket: answers {@link Question}s with a {@link ControlHandler}.
 *
 * <p>Only the server's own user may connect (0600), or a group too (0660). Two threads, so that {@code status} answers
 * while a report is on its way, and some open files in reserve, so that it answers when none is left. A socket left over from before is replaced; one that answers is an error.
 */
public final class ControlServer implements Closeable {
    private static final Logger logger = LogManager.getLogger(ControlServer.class);
    private static final int THREADS = 2;
    private static final int BACKLOG = 16;
    /** sockaddr_un on Linux: 108 bytes with the final NUL. */
    private static final int LONGEST_PATH = 107;

    private final Path socket;
    private final @Nullable String group;
    private final ControlHandler handler;
    private final Duration limit;
    private final SpareFiles spare = new SpareFiles(THREADS);
    private final ReentrantLock commands = new ReentrantLock();
    private @Nullable ServerSocketChannel channel;
    private @Nullable Object inode;

    /** Listens nowhere until {@link #start}. */
    public ControlServer(Path socket, @Nullable String group, ControlHandler handler) {
        this(socket, group, handler, Duration.ofSeconds(5));
    }

    /** With how long a client may take to ask, and to take its answer. */
    ControlServer(Path socket, @Nullable String group, ControlHandler handler, Duration limit) {
        this.socket = socket;
        this.group = group;
        this.handler = handler;
        this.limit = limit;
    }

    /**
     * Makes the socket and answers.
     *
     * @throws IOException when another server answers there, or the socket cannot be made; says what to do
     */
    public synchronized void start() throws IOException {
        if (new ControlClient(socket).isLive()) {
            throw new IOException("another loghost answers at " + socket
                    + " (expected: stop it, or another [control] path or data folder)");
        }
        ServerSocketChannel listening = bind();
        channel = listening;
        spare.fill();
        inode = inode();
        for (int i = 1; i <= THREADS; i++) {
            Thread thread = new Thread(() -> answerAll(listening), "control-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Binds in a folder of its own that nobody else can enter, and moves the socket into place once its permissions are
     * right: between bind and chmod anyone could connect.
     */
    private ServerSocketChannel bind() throws IOException {
        Path parent = Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket has a folder");
        Path hidden = Files.createTempDirectory(parent, ".c");
        Path made = hidden.resolve("s");
        ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean ready = false;
        try {
            if (made.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
                throw new IOException("the path of the control socket is too long: " + socket
                        + " (expected: a shorter [control] path, such as \"/run/loghost/control.sock\")");
            }
            opened.bind(UnixDomainSocketAddress.of(made), BACKLOG);
            permit(made);
            Files.move(made, socket, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            ready = true;
            return opened;
        } finally {
            if (!ready) {
                opened.close();
            }
            Files.deleteIfExists(made);
            Files.deleteIfExists(hidden);
        }
    }

    private void permit(Path made) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        if (group != null) {
            try {
                view.setGroup(
                        made.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
            } catch (IOException failed) {
                throw new IOException(
                        "control.group: \"" + group + "\" cannot be given the socket: " + failed.getMessage()
                                + " (expected: a group that exists and that the server's user is in)",
                        failed);
            }
        }
        view.setPermissions(PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
    }

    private void answerAll(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try (SocketChannel client = listening.accept()) {
                spare.giveForOneAnswer(); // nobody else opens so many files in the moment until they are used
                try (Exchange exchange = Exchange.over(client)) {
                    answer(exchange);
                }
            } catch (ClosedChannelException closed) {
                logger.debug("Control connection closed");
            } catch (IOException failed) {
                logger.debug("Control connection: {}", failed.getMessage());
                // Out of file descriptors, accept fails at once, again and again.
                spare.giveForOneAnswer();
                LockSupport.parkNanos(10_000_000);
                continue; // the next one accepted needs what was given
            }
            spare.fill();
        }
    }

    private void answer(Exchange exchange) throws IOException {
        String head = "ok ";
        String text;
        try {
            Question question = Question.of(exchange.readLine(limit));
            text = run(question);
            head = question.asksHowItIs() && !handler.isWell() ? "attention " : head;
        } catch (IOException failed) {
            head = "failed ";
            text = String.valueOf(failed.getMessage());
        } catch (RuntimeException bug) {
            logger.error("Control question failed", bug);
            head = "failed ";
            text = "the server failed to answer (expected: the reason in its own log)";
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > Exchange.LONGEST_ANSWER) {
            head = "failed ";
            text = "the answer is too long: " + bytes.length + " bytes";
            bytes = text.getBytes(StandardCharsets.UTF_8);
        }
        exchange.write(head + bytes.length + "\n" + text, limit);
    }

    private String run(Question question) throws IOException {
        if (!question.isCommand()) {
            return question.answer(handler);
        }
        logger.info("Control: {}", question.wireName());
        if (!commands.tryLock()) {
            throw new IOException("another command is running (expected: try again when it is done)");
        }
        try {
            return question.answer(handler);
        } finally {
            commands.unlock();
        }
    }

    /** Stops answering and removes the socket, unless another server has replaced it. */
    @Override
    public synchronized void close() throws IOException {
        if (channel == null) {
            return;
        }
        channel.close();
        channel = null;
        spare.close();
        if (Objects.equals(inode, inode())) {
            Files.deleteIfExists(socket);
        }
    }

    private @Nullable Object inode() {
        try {
            return Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
        } catch (IOException gone) {
            return null;
        }
    }
}
