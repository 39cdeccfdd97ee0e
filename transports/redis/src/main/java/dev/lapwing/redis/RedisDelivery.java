// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * An entry in the hands of a receiver. What a group has to know of it is guarded by the lock of its
 * {@link RedisHoldings}.
 */
final class RedisDelivery implements Received {
    private final RedisMessage message;
    private final int attempt;

    /** What it is held in; null without a group. */
    private final @Nullable RedisHoldings holdings;

    /** When its lease began at the latest, in nanoseconds of this process. */
    long leased;

    /** Until when it was promised to be kept, where that is longer than the lease. */
    long promised;

    RedisDelivery(
            RedisMessage message, int attempt, @Nullable RedisHoldings holdings, long leased) {
        this.message = message;
        this.attempt = attempt;
        this.holdings = holdings;
        this.leased = leased;
        this.promised = leased;
    }

    String id() {
        return message.entryId();
    }

    @Nullable RedisHoldings holdings() {
        return holdings;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public Optional<Position> position() {
        return Optional.of(message.position());
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public String toString() {
        return message + ", attempt " + attempt;
    }
}
