// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration.Peeked;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.ConsumerInfo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads messages of a stream through a consumer of its own, which acknowledges nothing. */
final class NatsPeek {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NatsLink link;
    private final NatsConsumers consumers;

    NatsPeek(NatsLink link, NatsConsumers consumers) {
        this.link = link;
        this.consumers = consumers;
    }

    /**
     * Where the message stands that a question asks for, if there is one. Asked without the client,
     * which asks in a way that puts the subject into a header, and can then not read it where it is
     * not ASCII.
     */
    Optional<Position> position(String stream, String question, String topic) {
        String quoted = topic.replace("\\", "\\\\").replace("\"", "\\\"");
        var call = new NatsCall();
        boolean asked =
                link.ask(
                        "$JS.API.STREAM.MSG.GET." + stream,
                        null,
                        question.formatted(quoted).getBytes(StandardCharsets.UTF_8),
                        call);
        try {
            byte[] json = asked ? call.answer.get(5, TimeUnit.SECONDS).getData() : new byte[0];
            NatsStored stored = NatsStored.read(json);
            return Optional.ofNullable(stored)
                    .map(there -> NatsDelivery.position(there.sequence()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            throw new LapwingException(
                    "Topic '%s': NATS at %s did not answer".formatted(topic, link.shown()), e);
        }
    }

    /** What is there from a place on, up to a limit. */
    List<Peeked> read(String stream, String topic, StartAt start, int limit) {
        if (limit < 1) {
            return List.of();
        }
        ConsumerInfo consumer = consumers.alone(stream, topic, start);
        try {
            long there = Math.min(limit, consumer.getNumPending());
            return there == 0 ? List.of() : read(stream, consumer.getName(), there);
        } finally {
            consumers.delete(stream, consumer.getName());
        }
    }

    private List<Peeked> read(String stream, String consumer, long count) {
        String inbox = link.connection().createInbox();
        Subscription answers = link.connection().subscribe(inbox);
        try {
            boolean unused =
                    link.publish(
                            "$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer,
                            inbox,
                            null,
                            "{\"batch\":%d,\"no_wait\":true}"
                                    .formatted(count)
                                    .getBytes(StandardCharsets.US_ASCII));
            return collect(answers, count);
        } finally {
            answers.unsubscribe();
        }
    }

    private List<Peeked> collect(Subscription answers, long count) {
        var found = new ArrayList<Peeked>();
        try {
            while (found.size() < count) {
                Message message = answers.nextMessage(PATIENCE);
                if (message == null) {
                    throw new LapwingException(
                            "NATS at %s did not answer within %s"
                                    .formatted(link.shown(), PATIENCE));
                }
                if (message.isStatusMessage()) {
                    return found;
                }
                NatsDelivery delivery = NatsDelivery.of(message);
                found.add(new Peeked(delivery.message(), delivery.position()));
            }
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException("The thread was interrupted while it looked", e);
        }
    }
}
