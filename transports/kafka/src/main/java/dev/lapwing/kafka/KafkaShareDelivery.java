// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.Optional;

/** A record that a hand of a share group holds. Its time is kept by that hand's thread alone. */
final class KafkaShareDelivery implements Received {

    final KafkaShareHand owner;
    final ConsumerRecord<byte[], byte[]> source;
    private final Message message;
    private final boolean last;

    /** When the lease runs out, by the clock of {@link System#nanoTime}. */
    private long leaseEnd;

    KafkaShareDelivery(
            KafkaShareHand owner,
            String topic,
            ConsumerRecord<byte[], byte[]> source,
            int deliveryLimit) {
        this.owner = owner;
        this.source = source;
        message = KafkaMessages.toMessage(topic, source);
        last = source.deliveryCount().map(Short::intValue).orElse(1) >= deliveryLimit;
    }

    /** Its lease goes until then. */
    void extend(long until) {
        leaseEnd = until;
    }

    boolean isOver(long now) {
        return now - leaseEnd >= 0;
    }

    long leaseEnd() {
        return leaseEnd;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public Optional<Position> position() {
        return Optional.empty();
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean isLastDelivery() {
        return last;
    }

    @Override
    public String toString() {
        return name(source);
    }

    static String name(ConsumerRecord<byte[], byte[]> source) {
        return source.topic() + "-" + source.partition() + ":" + source.offset();
    }
}
