// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Publishes to JetStream with many confirmations in flight. The stream of a first word is made sure
 * of once, before its first message; what is sent meanwhile waits behind it, in order.
 */
final class NatsSender implements Sender {

    private final NatsLink link;
    private final NatsStreams streams;
    private final NatsReplyAddress replies;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

    NatsSender(NatsLink link, NatsStreams streams, NatsReplyAddress replies) {
        this.link = link;
        this.streams = streams;
        this.replies = replies;
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        String word = "";
        Lane lane = null;
        for (SendRequest request : batch) {
            String topic = request.message().topic();
            if (lane == null || !isOf(topic, word)) {
                word = NatsNames.firstWord(topic);
                lane = lanes.computeIfAbsent(word, any -> new Lane());
            }
            lane.send(request);
        }
    }

    private static boolean isOf(String topic, String word) {
        return topic.startsWith(word)
                && (topic.length() == word.length() || topic.charAt(word.length()) == '.');
    }

    private void publish(SendRequest request, boolean mayMakeStream) {
        var message = request.message();
        NatsHeaders headers = NatsHeaders.stored(message, link.now(), replies.of(message));
        byte[] payload = message.payload();
        long size = (long) headers.serializedLength() + payload.length;
        if (size > link.largest()) {
            request.complete(tooLarge(size, link.largest()));
        } else if (!link.ask(
                message.topic(), headers, payload, new Stores(request, mayMakeStream))) {
            request.complete(down(link));
        }
    }

    static PublishResult tooLarge(long size, long largest) {
        return new PublishResult.Refused(
                "the message has %d bytes with its headers, and the server takes %d; make it smaller, or raise max_payload of the server"
                        .formatted(size, largest),
                false);
    }

    static PublishResult down(NatsLink link) {
        return new PublishResult.Refused(
                "the link to NATS at " + link.shown() + " is down, nothing was sent", true);
    }

    /** The messages to the topics of one first word. */
    private final class Lane {
        private volatile boolean open;
        private @Nullable List<SendRequest> waiting;

        void send(SendRequest request) {
            if (open || !waits(request)) {
                publish(request, true);
            }
        }

        private synchronized boolean waits(SendRequest request) {
            if (open) {
                return false;
            }
            if (waiting != null) {
                waiting.add(request);
                return true;
            }
            waiting = new ArrayList<>(List.of(request));
            String topic = request.message().topic();
            Thread.ofVirtual().name("lapwing-nats-stream").start(() -> prepare(topic));
            return true;
        }

        private void prepare(String topic) {
            PublishResult refusal = link.isUp() ? makeSure(topic) : down(link);
            synchronized (this) {
                List<SendRequest> all = waiting == null ? List.of() : waiting;
                waiting = null;
                for (SendRequest each : all) {
                    if (refusal == null) {
                        publish(each, true);
                    } else {
                        each.complete(refusal);
                    }
                }
                // Only now, so that nobody overtakes what has waited.
                open = refusal == null;
            }
        }
    }

    private @Nullable PublishResult makeSure(String topic) {
        long breaks = link.breaks();
        try {
            String unused = streams.of(topic);
            return null;
        } catch (UnsupportedCapabilityException e) {
            return new PublishResult.Refused(e.alternative(), false);
        } catch (LapwingException e) {
            // The link may have broken meanwhile, and be up again.
            boolean mayPass =
                    !link.isUp() || link.breaks() != breaks || e.getCause() instanceof IOException;
            return new PublishResult.Refused(e.getMessage(), mayPass);
        }
    }

    /** A message whose confirmation is awaited. */
    final class Stores implements NatsAnswer {
        private final SendRequest request;
        private final boolean mayMakeStream;

        private Stores(SendRequest request, boolean mayMakeStream) {
            this.request = request;
            this.mayMakeStream = mayMakeStream;
        }

        @Override
        public void answered(Message answer) {
            if (answer.isStatusMessage()) {
                nobody();
                return;
            }
            NatsStored stored = NatsStored.read(answer.getData());
            request.complete(
                    stored == null || stored.duplicate() ? slowly(answer) : stored(stored));
        }

        private PublishResult stored(NatsStored stored) {
            return new Stored(request.message().id().orElse(""), stored.sequence());
        }

        private PublishResult slowly(Message answer) {
            String topic = request.message().topic();
            try {
                var ack = new PublishAck(answer);
                return PublishResult.stored(
                        request.message().id().orElse(""),
                        Optional.of(NatsDelivery.position(ack.getSeqno())),
                        ack.isDuplicate());
            } catch (JetStreamApiException e) {
                return NatsErrors.refused(topic, e);
            } catch (IOException e) {
                return new PublishResult.Unknown(
                        "the answer of NATS cannot be read: " + NatsErrors.reason(e));
            }
        }

        /** No stream takes it, so that it is not stored: the stream was deleted, or never made. */
        private void nobody() {
            if (mayMakeStream) {
                Thread.ofVirtual()
                        .name("lapwing-nats-stream")
                        .start(() -> {
                            PublishResult refusal = makeSure(request.message().topic());
                            if (refusal == null) {
                                publish(request, false);
                            } else {
                                request.complete(refusal);
                            }
                        });
            } else {
                request.complete(
                        new PublishResult.Refused(
                                "no stream takes topic '%s', or JetStream is not ready"
                                        .formatted(request.message().topic()),
                                true));
            }
        }

        @Override
        public void unknown(String reason) {
            request.complete(new PublishResult.Unknown(reason));
        }

        /** The server did not permit it. */
        void refused(String reason) {
            request.complete(new PublishResult.Refused(reason, false));
        }
    }

    /** Makes the position when it is asked for. */
    private record Stored(String id, long sequence) implements PublishResult.Stored {
        @Override
        public Optional<Position> position() {
            return Optional.of(NatsDelivery.position(sequence));
        }

        @Override
        public boolean duplicate() {
            return false;
        }
    }
}
