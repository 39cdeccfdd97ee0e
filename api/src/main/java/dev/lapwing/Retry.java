// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How often, and how long apart, a failed message is tried again before it becomes a dead letter.
 * Immutable.
 */
public final class Retry {

    private static final Duration DEFAULT_LONGEST = Duration.ofMinutes(5);

    private enum Shape {
        FIXED,
        LINEAR,
        EXPONENTIAL
    }

    private final Shape shape;
    private final Duration first;
    private final Duration longest;
    private final double jitter;
    private final int attempts;

    private Retry(Shape shape, Duration first, Duration longest, double jitter, int attempts) {
        this.shape = shape;
        this.first = first;
        this.longest = longest;
        this.jitter = jitter;
        this.attempts = attempts;
    }

    /** The same pause each time; 5 attempts unless {@link #upTo} says otherwise. */
    public static Retry fixed(Duration pause) {
        return of(Shape.FIXED, pause);
    }

    /** Pauses of once, twice, three times … the step; 5 attempts unless {@link #upTo}. */
    public static Retry linear(Duration step) {
        return of(Shape.LINEAR, step);
    }

    /** Pauses that double, beginning with the first; 5 attempts unless {@link #upTo}. */
    public static Retry exponential(Duration first) {
        return of(Shape.EXPONENTIAL, first);
    }

    /** No second attempt: the first failure makes a dead letter. */
    public static Retry never() {
        return of(Shape.FIXED, Duration.ZERO).upTo(1);
    }

    private static Retry of(Shape shape, Duration first) {
        if (first.isNegative()) {
            throw new IllegalArgumentException("pause is " + first + "; it must not be negative");
        }
        Duration longest = first.compareTo(DEFAULT_LONGEST) > 0 ? first : DEFAULT_LONGEST;
        return new Retry(shape, first, longest, 0.2, 5);
    }

    /**
     * A copy with another number of attempts, the first one included.
     *
     * @param total from 1 up
     */
    public Retry upTo(int total) {
        if (total < 1) {
            throw new IllegalArgumentException("attempts is " + total + "; it must be at least 1");
        }
        return new Retry(shape, first, longest, jitter, total);
    }

    /** A copy that goes on until the message is handled or rejected. */
    public Retry forever() {
        return new Retry(shape, first, longest, jitter, Integer.MAX_VALUE);
    }

    /** A copy whose pauses never grow past this; the default is 5 minutes. */
    public Retry longestPause(Duration limit) {
        if (limit.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "longest pause is %s; it must be at least the first pause, %s"
                            .formatted(limit, first));
        }
        return new Retry(shape, first, limit, jitter, attempts);
    }

    /**
     * A copy whose pauses are spread: each is drawn from (1 - share) to (1 + share) of its length,
     * so that many failures do not return at the same moment. The default is 0.2.
     *
     * @param share from 0 to 1
     */
    public Retry jitter(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("jitter is " + share + "; it must be from 0 to 1");
        }
        return new Retry(shape, first, longest, share, attempts);
    }

    /** How many attempts there are, the first one included. */
    public int attempts() {
        return attempts;
    }

    /** Whether another attempt may follow this one. */
    public boolean allowsAfter(int attempt) {
        return attempt < attempts;
    }

    /**
     * The pause after a failed attempt.
     *
     * @param attempt the attempt that failed, from 1 up
     */
    public Duration pauseAfter(int attempt) {
        return pauseAfter(attempt, ThreadLocalRandom.current()::nextDouble);
    }

    /**
     * The pause after a failed attempt, with this source of chance.
     *
     * @param attempt the attempt that failed, from 1 up
     * @param random gives numbers from 0 to below 1
     */
    public Duration pauseAfter(int attempt, DoubleSupplier random) {
        double factor =
                switch (shape) {
                    case FIXED -> 1;
                    case LINEAR -> attempt;
                    case EXPONENTIAL -> Math.pow(2, Math.min(attempt - 1, 62));
                };
        double pause = Math.min(first.toNanos() * factor, longest.toNanos());
        double spread = 1 - jitter + 2 * jitter * random.getAsDouble();
        return Duration.ofNanos((long) (pause * spread));
    }

    @Override
    public String toString() {
        return "Retry[%s from %s to %s, jitter %s, %s attempts]"
                .formatted(
                        shape.name().toLowerCase(java.util.Locale.ROOT),
                        first,
                        longest,
                        jitter,
                        attempts == Integer.MAX_VALUE ? "unlimited" : attempts);
    }
}
