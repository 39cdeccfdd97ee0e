// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.time.Instant;
import java.util.Optional;

/**
 * A delivery of JetStream. What the server says of it stands in the subject where it awaits the
 * acknowledgement: {@code $JS.ACK.STREAM.CONSUMER.deliveries.sequence.…}. The two times are owned
 * by its receiver, under its lock.
 */
final class NatsDelivery implements Received {

    private static final int FIELDS = 9;
    private static final long NANOS = 1_000_000_000;

    final String ack;
    final long sequence;
    final long consumerSequence;

    /** When the lease that we gave ends, by {@link System#nanoTime}. */
    long leaseEnds;

    /** When the server gives it to another at the earliest, by {@link System#nanoTime}. */
    long serverWaits;

    /** Whether the listener has it. Owned by whoever calls the listener. */
    boolean delivered;

    private final int deliveries;
    private volatile int untried;
    private final NatsArrived message;

    private NatsDelivery(
            String ack, long sequence, long consumerSequence, int deliveries, NatsArrived message) {
        this.ack = ack;
        this.sequence = sequence;
        this.consumerSequence = consumerSequence;
        this.deliveries = deliveries;
        this.message = message;
    }

    static NatsDelivery of(io.nats.client.Message message) {
        String ack = message.getReplyTo();
        var ends = new int[FIELDS + 3];
        int dots = 0;
        for (int at = ack.indexOf('.');
                at >= 0 && dots < ends.length;
                at = ack.indexOf('.', at + 1)) {
            ends[dots++] = at;
        }
        // Servers with domains put two more fields in front, and sometimes one behind.
        int first = dots == FIELDS - 1 ? 3 : 5;
        int deliveries = (int) number(ack, ends, first);
        long sequence = number(ack, ends, first + 1);
        long consumerSequence = number(ack, ends, first + 2);
        long nanos = number(ack, ends, first + 3);
        Instant stored = Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
        return new NatsDelivery(
                ack,
                sequence,
                consumerSequence,
                deliveries,
                new NatsArrived(message, stored, null));
    }

    private static long number(String ack, int[] ends, int before) {
        return Long.parseLong(ack, ends[before] + 1, ends[before + 1], 10);
    }

    static Position position(long sequence) {
        return new Position(Long.toString(sequence));
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public Optional<Position> position() {
        return Optional.of(position(sequence));
    }

    @Override
    public int attempt() {
        return Math.max(1, deliveries - untried);
    }

    /** Whether the server has delivered it before. */
    boolean isAgain() {
        return deliveries > 1;
    }

    /** How many of its deliveries were no attempts, this one not among them. */
    int untried() {
        return untried;
    }

    void wereNoAttempts(int count) {
        untried = count;
    }

    @Override
    public String toString() {
        return "%s at %d, attempt %d".formatted(message, sequence, attempt());
    }
}
