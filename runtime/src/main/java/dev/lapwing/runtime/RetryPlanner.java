// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Outcome;
import dev.lapwing.Retry;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Decides who moves a message that is to be tried again: the broker, or this process.
 *
 * <p>The broker does where nothing is lost by it: a message without a key, that it can give back
 * for that time, and whose failed attempts it counts. Otherwise the message stays here with its
 * lease renewed: a key keeps its order only if its message does not leave, and attempts that nobody
 * else counts have to be counted here.
 *
 * @param policy how often and how far apart
 * @param atMostOnce whether nothing comes twice, whatever happens
 * @param givesBack whether the broker takes a single delivery back at once
 * @param givesBackLater whether it takes one back for a later time
 * @param countsAttempts whether it counts failed attempts
 * @param chance the source of jitter
 */
record RetryPlanner(
        Retry policy,
        boolean atMostOnce,
        boolean givesBack,
        boolean givesBackLater,
        boolean countsAttempts,
        DoubleSupplier chance) {

    /** What becomes of a message that was not handled. */
    sealed interface Plan {
        /**
         * Stays here and is tried again after the pause; as the next attempt if this one failed.
         */
        record Hold(Duration pause, boolean failed) implements Plan {}

        /** The broker delivers it again after the pause. */
        record GiveBack(Duration pause, boolean failed) implements Plan {}

        /** Its attempts are spent. */
        record Bury(String reason) implements Plan {}

        /** It is gone, as at most once allows. */
        record Drop() implements Plan {}
    }

    /** The plan for a message after this attempt. */
    Plan plan(Outcome.TryAgain again, int attempt, boolean keyed) {
        if (atMostOnce) {
            return new Plan.Drop();
        }
        boolean failed = again.after().isEmpty();
        if (failed && !policy.allowsAfter(attempt)) {
            return new Plan.Bury(again.reason());
        }
        Duration pause = again.after().orElseGet(() -> policy.pauseAfter(attempt, chance));
        boolean taken = pause.isZero() ? givesBack : givesBackLater;
        return taken && !keyed && (countsAttempts || !failed)
                ? new Plan.GiveBack(pause, failed)
                : new Plan.Hold(pause, failed);
    }
}
