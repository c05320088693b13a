package org.loghost.listen;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * How many datagrams the kernel dropped at one socket because its receive buffer was full: {@code SO_MEMINFO} with
 * epoll, {@code /proc/net/udp} otherwise (socket(7), proc(5)).
 *
 * <p>For the event loop alone.
 */
final class KernelDrops {
    private static final Logger logger = LogManager.getLogger(KernelDrops.class);

    private static final int SOL_SOCKET = 1;
    private static final int SO_MEMINFO = 55;
    private static final int MEMINFO_BYTES = 9 * Integer.BYTES;
    private static final int MEMINFO_DROPS = 8 * Integer.BYTES;
    private static final RawUnixChannelOption MEMINFO =
            new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, SO_MEMINFO, MEMINFO_BYTES);

    private static final int PROC_LOCAL_ADDRESS = 1;
    private static final int PROC_DROPS = 12;

    private final Channel channel;
    private int seen;
    private boolean broken;

    KernelDrops(Channel channel) {
        this.channel = channel;
    }

    /** The datagrams dropped since the last call. */
    long more() {
        if (broken || !channel.isOpen()) {
            return 0;
        }
        try {
            int now = channel instanceof EpollDatagramChannel ? fromSocket() : fromProc();
            long more = (now - seen) & 0xffff_ffffL; // the kernel's counter has 32 bits and wraps
            seen = now;
            return more;
        } catch (IOException | RuntimeException e) {
            broken = true;
            logger.warn(
                    "cannot read how many datagrams the kernel drops at {}: {}", channel.localAddress(), e.toString());
            return 0;
        }
    }

    private int fromSocket() {
        ByteBuffer info = channel.config().getOption(MEMINFO);
        return info.order(ByteOrder.nativeOrder()).getInt(MEMINFO_DROPS);
    }

    private int fromProc() throws IOException {
        int port = ((InetSocketAddress) channel.localAddress()).getPort();
        int drops = 0;
        for (String table : List.of("/proc/net/udp", "/proc/net/udp6")) {
            Path path = Path.of(table);
            if (Files.exists(path)) {
                drops += sum(Files.readAllLines(path, StandardCharsets.US_ASCII), port);
            }
        }
        return drops;
    }

    /** {@code sl local_address rem_address st ... drops}: the drops of all sockets at this port. */
    static int sum(List<String> lines, int port) {
        String suffix = String.format(":%04X", port);
        int drops = 0;
        for (String line : lines) {
            String[] columns = line.trim().split("\\s+", -1);
            if (columns.length > PROC_DROPS && columns[PROC_LOCAL_ADDRESS].endsWith(suffix)) {
                drops += Integer.parseUnsignedInt(columns[PROC_DROPS]);
            }
        }
        return drops;
    }
}
