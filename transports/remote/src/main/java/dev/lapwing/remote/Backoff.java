// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The pauses between attempts to reach the server: they double from 100 ms up to the longest, and
 * each is drawn from its upper half, so that many clients do not come back at the same moment.
 */
record Backoff(Duration longest, RandomGenerator random) {

    private static final long FIRST_MILLIS = 100;

    /**
     * The pause after failed attempts.
     *
     * @param failures how many attempts failed since the link was up, from 0
     */
    Duration pause(int failures) {
        long full = Math.min(FIRST_MILLIS << Math.min(failures, 20), longest.toMillis());
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
