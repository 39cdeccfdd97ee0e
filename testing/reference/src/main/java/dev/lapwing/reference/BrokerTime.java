// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import java.time.Duration;
import java.time.Instant;

/** What drives a broker's delays and leases. Safe for use by many threads. */
public interface BrokerTime {

    /** What time it is. */
    Instant now();

    /** Runs a task once this long has passed. */
    void schedule(Duration delay, Runnable task);

    /** The time of the machine. */
    static BrokerTime real() {
        return RealTime.INSTANCE;
    }
}
