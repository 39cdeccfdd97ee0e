// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import java.time.Duration;

/**
 * How fast a transport is, for tests that wait. Nothing here is asserted as a speed.
 *
 * @param patience how long to wait for what must come before it is called missing
 * @param quiet how long to watch for what must not come
 * @param lease a lease that the broker can keep to
 * @param pause a pause for delays and for things given back for later
 * @param messages how many messages the check of exact accounting publishes
 * @param ackLag how long the broker may take to write down an acknowledgement that it has confirmed
 */
public record Pace(
        Duration patience,
        Duration quiet,
        Duration lease,
        Duration pause,
        int messages,
        Duration ackLag) {

    /** A transport in this process or on this machine. */
    public static Pace local() {
        return new Pace(
                Duration.ofSeconds(20),
                Duration.ofMillis(150),
                Duration.ofMillis(500),
                Duration.ofMillis(400),
                100_000,
                Duration.ZERO);
    }

    /** A copy with another patience. */
    public Pace withPatience(Duration time) {
        return new Pace(time, quiet, lease, pause, messages, ackLag);
    }

    /** A copy with another watch for what must not come. */
    public Pace withQuiet(Duration time) {
        return new Pace(patience, time, lease, pause, messages, ackLag);
    }

    /** A copy with another lease and pause. */
    public Pace withLeaseAndPause(Duration leaseTime, Duration pauseTime) {
        return new Pace(patience, quiet, leaseTime, pauseTime, messages, ackLag);
    }

    /** A copy with another number of messages. */
    public Pace withMessages(int count) {
        return new Pace(patience, quiet, lease, pause, count, ackLag);
    }

    /** A copy for a broker that may forget so young an acknowledgement when it is killed. */
    public Pace withAckLag(Duration time) {
        return new Pace(patience, quiet, lease, pause, messages, time);
    }
}
