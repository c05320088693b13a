package org.loghost.listen;

import org.loghost.message.BatchPool;
import org.loghost.message.BatchSink;
import org.loghost.message.HostNames;
import org.loghost.metrics.Notices;
import org.loghost.metrics.ServerMetrics;

/**
 * What every listener works with. Datagrams and streams have pools of their own, so that a flood of one cannot stop the
 * other.
 *
 * @param datagramBatches for UDP and Unix listeners; at least 2
 * @param streamBatches for TCP listeners; at least one more than there are stream event loops
 */
public record Intake(
        HostNames names,
        BatchPool datagramBatches,
        BatchPool streamBatches,
        BatchSink sink,
        ServerMetrics metrics,
        Notices notices) {}
