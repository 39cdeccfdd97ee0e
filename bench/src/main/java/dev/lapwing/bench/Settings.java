// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.List;

/**
 * How long a run takes its time.
 *
 * @param repetitions how often each side of a figure is measured, the two sides taking turns
 * @param warmUpSeconds load before each measurement
 * @param seconds length of each measurement
 * @param replayMessages how many messages the replay reads
 * @param brokers the pace of the broker suites
 */
record Settings(
        int repetitions,
        double warmUpSeconds,
        double seconds,
        int replayMessages,
        BrokerPace brokers) {
    static final Settings QUICK = new Settings(2, 1, 1.5, 3_000_000, BrokerPace.QUICK);
    static final Settings FULL = new Settings(5, 2, 3, 10_000_000, BrokerPace.FULL);

    List<String> timing() {
        return List.of("--warm-up", "" + warmUpSeconds, "--seconds", "" + seconds);
    }
}
