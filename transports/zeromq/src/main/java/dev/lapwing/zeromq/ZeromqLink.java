// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.ConnectionState;
import dev.lapwing.spi.TransportContext;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of all connections that this program has made. It is down while one that was up is not.
 * A peer that was never there is no broken link: there is no broker, and programs start in any
 * order. Used on the loop only.
 */
final class ZeromqLink {

    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(1);

    private record Down(Instant since, String reason) {}

    private final TransportContext context;
    private final Map<Object, Down> down = new LinkedHashMap<>();
    private Instant reported = Instant.EPOCH;

    ZeromqLink(TransportContext context) {
        this.context = context;
    }

    /** A connection of this socket broke; it is tried again after the pause. */
    void lost(Object socket, String reason, Duration pause) {
        Instant now = context.clock().instant();
        boolean more = down.putIfAbsent(socket, new Down(now, reason)) == null;
        if (more || reported.plus(BETWEEN_REPORTS).isBefore(now)) {
            report(now, pause);
        }
    }

    /** All connections of this socket are up, and what it declared is in force. */
    void up(Object socket) {
        if (down.remove(socket) != null) {
            report(context.clock().instant(), Duration.ZERO);
        }
    }

    private void report(Instant now, Duration pause) {
        reported = now;
        if (down.isEmpty()) {
            context.state().accept(new ConnectionState.Connected());
        } else {
            Down first = down.values().iterator().next();
            context.state()
                    .accept(
                            new ConnectionState.Reconnecting(
                                    first.since, first.reason, now.plus(pause)));
        }
    }
}
