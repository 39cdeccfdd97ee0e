// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;

/** The consumers of groups and of single receivers. Calls block. */
final class NatsConsumers {

    private static final String DESCRIPTION = "Lapwing group ";
    private static final int MOST_QUESTIONS = 2048;
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private final NatsStreams streams;

    NatsConsumers(NatsStreams streams) {
        this.streams = streams;
    }

    /** A consumer, if it is there. */
    Optional<ConsumerInfo> find(String stream, String name) {
        return streams.find(
                what(stream, name), () -> streams.management().getConsumerInfo(stream, name));
    }

    private static String what(String stream, String name) {
        return "Consumer '%s' of stream '%s'".formatted(name, stream);
    }

    /** The consumer of a group; made if it is not there. */
    ConsumerInfo group(String stream, String topics, String group, StartAt start, Duration lease) {
        String name = NatsNames.durable(group, topics);
        Optional<ConsumerInfo> found = find(stream, name);
        if (found.isPresent()) {
            return found.get();
        }
        ConsumerConfiguration.Builder wanted =
                ConsumerConfiguration.builder()
                        .durable(name)
                        .description(DESCRIPTION + group)
                        .filterSubject(topics)
                        .ackPolicy(AckPolicy.Explicit)
                        .ackWait(ackWait(lease))
                        .maxDeliver(-1)
                        .maxAckPending(-1)
                        .maxPullWaiting(MOST_QUESTIONS);
        begin(wanted, stream, start);
        try {
            return create(stream, wanted.build());
        } catch (LapwingException e) {
            // Another member may have made it in this moment, and with another start.
            return find(stream, name).orElseThrow(() -> e);
        }
    }

    /** A consumer that remembers nothing; it is forgotten when nobody has asked for a while. */
    ConsumerInfo alone(String stream, String topics, StartAt start) {
        ConsumerConfiguration.Builder wanted =
                ConsumerConfiguration.builder()
                        .filterSubject(topics)
                        .ackPolicy(AckPolicy.None)
                        .maxDeliver(1)
                        .memStorage(true)
                        .numReplicas(1)
                        .inactiveThreshold(FORGOTTEN);
        begin(wanted, stream, start);
        return create(stream, wanted.build());
    }

    private ConsumerInfo create(String stream, ConsumerConfiguration wanted) {
        return streams.call(
                "A consumer of stream '" + stream + "'",
                () -> streams.management().addOrUpdateConsumer(stream, wanted));
    }

    private void begin(ConsumerConfiguration.Builder wanted, String stream, StartAt start) {
        switch (start) {
            case StartAt.Now now -> wanted.deliverPolicy(DeliverPolicy.New);
            case StartAt.Earliest earliest -> wanted.deliverPolicy(DeliverPolicy.All);
            case StartAt.Time time ->
                    wanted.deliverPolicy(DeliverPolicy.ByStartTime)
                            .startTime(time.instant().atZone(ZoneOffset.UTC));
            case StartAt.After after -> {
                long sequence = sequence(stream, after.position());
                if (sequence == 0) {
                    wanted.deliverPolicy(DeliverPolicy.All);
                } else {
                    wanted.deliverPolicy(DeliverPolicy.ByStartSequence).startSequence(sequence + 1);
                }
            }
        }
    }

    /** The number of a position; refused if the stream cannot have given it out. */
    private long sequence(String stream, Position position) {
        long sequence;
        try {
            sequence = Long.parseLong(position.token());
        } catch (NumberFormatException e) {
            throw new InvalidPositionException(
                    "'%s' is no position of NATS; these are whole numbers, the sequence in the stream"
                            .formatted(position.token()),
                    e);
        }
        long last =
                streams.info(stream)
                        .map(info -> info.getStreamState().getLastSequence())
                        .orElse(0L);
        if (sequence < 0 || sequence > last) {
            throw new InvalidPositionException(
                    "Position %s is not in stream '%s', whose last one is %d; was the stream made anew?"
                            .formatted(position.token(), stream, last));
        }
        return sequence;
    }

    /** The group of a consumer; the consumer's own name where it was not made here. */
    static String groupOf(ConsumerInfo consumer) {
        String description = consumer.getConsumerConfiguration().getDescription();
        return description != null && description.startsWith(DESCRIPTION)
                ? description.substring(DESCRIPTION.length())
                : NatsNames.group(consumer.getName());
    }

    /** How long the server waits for an answer to a delivery. */
    static Duration ackWait(ConsumerInfo consumer) {
        return Objects.requireNonNullElse(
                consumer.getConsumerConfiguration().getAckWait(), Duration.ofSeconds(30));
    }

    /**
     * What the server waits: a little longer than the lease, which is kept here, so that who is
     * late knows it.
     */
    private static Duration ackWait(Duration lease) {
        Duration more = lease.dividedBy(10);
        Duration least = Duration.ofMillis(100);
        return lease.plus(more.compareTo(least) < 0 ? least : more);
    }

    /** Removes a consumer; does nothing if it is not there. */
    void delete(String stream, String name) {
        Optional<Boolean> unused =
                streams.find(
                        what(stream, name),
                        () -> streams.management().deleteConsumer(stream, name));
    }
}
