// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Clock;
import java.time.Duration;

/**
 * What a connection may use, apart from what its URI says. Immutable; each {@code with} method
 * gives a changed copy.
 *
 * @param maxPayloadBytes the largest payload that may be published, in bytes, from 0 up; default 1
 *     MiB
 * @param publishTimeout how long a publish may wait for its confirmation, resends included, above
 *     zero; default 30 s. So long may the confirmation of a settlement take too
 * @param maxInFlightMessages how many published messages may wait for their confirmation at once,
 *     from 1 up; default 65,536
 * @param maxInFlightBytes how many payload bytes may wait for their confirmation at once, from 1
 *     up; default 64 MiB. One message is always let through
 * @param overflow what an asynchronous publish does when a limit in flight is reached
 * @param drainTimeout how long {@link Lapwing#close} waits for handlers and publishes; default 30 s
 * @param waitForBroker how long connecting goes on trying while the broker cannot be reached, zero
 *     or more; default zero: it fails at once. The URI option {@code wait=30s} is the same and wins
 * @param clock the source of wall time
 */
public record ConnectOptions(
        int maxPayloadBytes,
        Duration publishTimeout,
        int maxInFlightMessages,
        long maxInFlightBytes,
        Overflow overflow,
        Duration drainTimeout,
        Duration waitForBroker,
        Clock clock) {

    /** What {@link Lapwing#publishAsync} does when too much is in flight. */
    public enum Overflow {
        /** The call waits for room, as long as the publish time-out allows. */
        WAIT,
        /** The future fails at once with a {@link PublishRefusedException} that may be retried. */
        REFUSE
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ConnectOptions {
        atLeast("maxPayloadBytes", maxPayloadBytes, 0);
        atLeast("maxInFlightMessages", maxInFlightMessages, 1);
        atLeast("maxInFlightBytes", maxInFlightBytes, 1);
        atLeast("publishTimeout in ns", publishTimeout.toNanos(), 1);
        atLeast("drainTimeout in ns", drainTimeout.toNanos(), 0);
        atLeast("waitForBroker in ms", waitForBroker.toMillis(), 0);
    }

    /** The defaults that each parameter names. */
    public static ConnectOptions defaults() {
        return new ConnectOptions(
                1 << 20,
                Duration.ofSeconds(30),
                1 << 16,
                64L << 20,
                Overflow.WAIT,
                Duration.ofSeconds(30),
                Duration.ZERO,
                Clock.systemUTC());
    }

    /** A copy with another payload limit, in bytes. */
    public ConnectOptions withMaxPayloadBytes(int bytes) {
        return new ConnectOptions(
                bytes,
                publishTimeout,
                maxInFlightMessages,
                maxInFlightBytes,
                overflow,
                drainTimeout,
                waitForBroker,
                clock);
    }

    /** A copy with another publish time-out. */
    public ConnectOptions withPublishTimeout(Duration timeout) {
        return new ConnectOptions(
                maxPayloadBytes,
                timeout,
                maxInFlightMessages,
                maxInFlightBytes,
                overflow,
                drainTimeout,
                waitForBroker,
                clock);
    }

    /** A copy with other limits of what may be in flight, and what happens beyond them. */
    public ConnectOptions withInFlight(int messages, long bytes, Overflow beyond) {
        return new ConnectOptions(
                maxPayloadBytes,
                publishTimeout,
                messages,
                bytes,
                beyond,
                drainTimeout,
                waitForBroker,
                clock);
    }

    /** A copy with another drain time-out. */
    public ConnectOptions withDrainTimeout(Duration timeout) {
        return new ConnectOptions(
                maxPayloadBytes,
                publishTimeout,
                maxInFlightMessages,
                maxInFlightBytes,
                overflow,
                timeout,
                waitForBroker,
                clock);
    }

    /** A copy that goes on trying for so long while the broker cannot be reached. */
    public ConnectOptions withWait(Duration time) {
        return new ConnectOptions(
                maxPayloadBytes,
                publishTimeout,
                maxInFlightMessages,
                maxInFlightBytes,
                overflow,
                drainTimeout,
                time,
                clock);
    }

    /** A copy with another clock, for tests of time. */
    public ConnectOptions withClock(Clock source) {
        return new ConnectOptions(
                maxPayloadBytes,
                publishTimeout,
                maxInFlightMessages,
                maxInFlightBytes,
                overflow,
                drainTimeout,
                waitForBroker,
                source);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be at least %d".formatted(name, value, least));
        }
    }
}
