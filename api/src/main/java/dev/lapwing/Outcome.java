// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** What a handler decided about a delivery. */
public sealed interface Outcome {

    /** Handled: it will not come again. */
    record Accept() implements Outcome {
        private static final Accept INSTANCE = new Accept();
    }

    /**
     * Not handled: to be tried again, as long as the subscription's {@link Retry} allows.
     *
     * @param after when: empty means as the retry policy says
     * @param reason why, for logs and for the dead letter that it may become
     */
    record TryAgain(Optional<Duration> after, String reason) implements Outcome {}

    /**
     * Never to be tried again: it becomes a dead letter.
     *
     * @param reason why, in words for people
     */
    record Reject(String reason) implements Outcome {}

    /** Handled. */
    static Outcome accept() {
        return Accept.INSTANCE;
    }

    /** To be tried again as the retry policy says. */
    static Outcome retry(String reason) {
        return new TryAgain(Optional.empty(), reason);
    }

    /**
     * "Later": to be tried again after this time, whatever the back-off says. It does not count as
     * a failed attempt.
     *
     * @throws IllegalArgumentException if the delay is negative
     */
    static Outcome retryAfter(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + "; it must not be negative");
        }
        return new TryAgain(Optional.of(delay), "asked for later");
    }

    /** To the dead letters, with this reason. */
    static Outcome reject(String reason) {
        return new Reject(Objects.requireNonNull(reason, "reason"));
    }
}
