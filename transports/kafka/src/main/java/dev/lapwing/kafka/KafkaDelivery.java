// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.util.Optional;

/** A record that was read from a partition. */
final class KafkaDelivery implements Received {

    final KafkaPartition owner;
    private final ConsumerRecord<byte[], byte[]> source;
    private final Message message;
    private KafkaTrail trail = KafkaTrail.NONE;
    private int place;

    KafkaDelivery(KafkaPartition owner, ConsumerRecord<byte[], byte[]> source) {
        this.owner = owner;
        this.source = source;
        message = KafkaMessages.toMessage(owner.topic, source);
    }

    /** Takes its place in what is delivered at once, before it is delivered. */
    void place(KafkaTrail in, int at) {
        trail = in;
        place = at;
    }

    long offset() {
        return source.offset();
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public Optional<Position> position() {
        return trail.position(place);
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public int partition() {
        return owner.slot;
    }

    @Override
    public String toString() {
        return owner.id + ":" + offset();
    }
}
