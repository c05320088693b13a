package org.loghost.listen;

import java.util.LinkedHashMap;
import java.util.Map;

/** Says of which peer a fault may be logged now: of each once a minute, so that a log file cannot be filled. Any thread. */
final class FaultLog {
    private static final int MAX_PEERS = 1_000;
    private static final long MINUTE_NANOS = 60_000_000_000L;

    private final Map<String, Long> logged = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_PEERS;
        }
    };

    /** Whether it is this peer's turn; if so, not again for a minute. */
    synchronized boolean isDue(String peer, long nowNanos) {
        Long last = logged.get(peer);
        if (last != null && nowNanos - last < MINUTE_NANOS) {
            return false;
        }
        logged.remove(peer);
        logged.put(peer, nowNanos);
        return true;
    }
}
