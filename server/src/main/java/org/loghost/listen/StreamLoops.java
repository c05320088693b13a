package org.loghost.listen;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import java.util.Map;
import org.loghost.frame.PartialFrames;

/**
 * The event loops for connections, and what they share.
 *
 * @param connections every open connection
 */
record StreamLoops(
        EventLoopGroup group, Map<EventLoop, StreamLoop> byLoop, PartialFrames partials, ChannelGroup connections) {

    StreamLoops {
        byLoop = Map.copyOf(byLoop);
    }

    StreamLoop of(Channel channel) {
        StreamLoop loop = byLoop.get(channel.eventLoop());
        if (loop == null) {
            throw new IllegalStateException("event loop of another group: " + channel.eventLoop());
        }
        return loop;
    }
}
