// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.util.Optional;

/** A delivery on one channel. */
final class RabbitDelivery implements Received {
    private final RabbitSession session;
    private final long tag;
    private final boolean again;
    private final RabbitMessage message;

    RabbitDelivery(RabbitSession session, long tag, boolean again, RabbitMessage message) {
        this.session = session;
        this.tag = tag;
        this.again = again;
        this.message = message;
    }

    RabbitSession session() {
        return session;
    }

    /** Its tag, which means something on the channel of its session alone. */
    long tag() {
        return tag;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public Optional<Position> position() {
        return Optional.empty();
    }

    /** Always the first: RabbitMQ counts deliveries at the most, and not attempts. */
    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean isRedelivered() {
        return again;
    }

    @Override
    public String toString() {
        return "Delivery[tag=%d, %s]".formatted(tag, message);
    }
}
