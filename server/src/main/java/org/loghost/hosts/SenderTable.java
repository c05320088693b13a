package org.loghost.hosts;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.loghost.message.Listener;
import org.loghost.message.Sender;

/**
 * The one {@link Sender} of each address at each listener. Bounded per listener: when full, those are dropped that
 * nobody asked for again since it was full last, or half of all when there are none. A dropped sender that is still in
 * use keeps working and keeps learning its name; only whoever asks anew gets a new one.
 *
 * <p>Any thread finds without a lock; adding is guarded by the directory's lock.
 */
final class SenderTable {
    static final int MAX_SENDERS = 65_536;

    private final Map<Listener, Map<InetAddress, Slot>> byListener = new ConcurrentHashMap<>();
    private final Map<Listener, Sender> local = new ConcurrentHashMap<>();
    private volatile int round;

    private static final class Slot {
        final Sender sender;
        volatile int asked;

        Slot(Sender sender, int asked) {
            this.sender = sender;
            this.asked = asked;
        }
    }

    @Nullable
    Sender find(Listener listener, @Nullable InetAddress address) {
        if (address == null) {
            return local.get(listener);
        }
        Map<InetAddress, Slot> known = byListener.get(listener);
        Slot slot = known == null ? null : known.get(address);
        if (slot == null) {
            return null;
        }
        int now = round;
        if (slot.asked != now) {
            slot.asked = now;
        }
        return slot.sender;
    }

    void add(Sender sender) {
        InetAddress address = sender.address();
        if (address == null) {
            local.put(sender.listener(), sender);
            return;
        }
        Map<InetAddress, Slot> known =
                byListener.computeIfAbsent(sender.listener(), listener -> new ConcurrentHashMap<>());
        if (known.size() >= MAX_SENDERS) {
            sweep(known);
        }
        known.put(address, new Slot(sender, round - 1));
    }

    void forEach(Consumer<Sender> action) {
        local.values().forEach(action);
        byListener.values().forEach(known -> known.values().forEach(slot -> action.accept(slot.sender)));
    }

    int size(Listener listener) {
        return byListener.getOrDefault(listener, Map.of()).size();
    }

    private void sweep(Map<InetAddress, Slot> known) {
        int now = round;
        known.values().removeIf(slot -> slot.asked != now);
        round = now + 1;
        if (known.size() >= MAX_SENDERS) {
            int[] turn = {0};
            known.values().removeIf(slot -> (turn[0]++ & 1) == 0);
        }
    }
}
