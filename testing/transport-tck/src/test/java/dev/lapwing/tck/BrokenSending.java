// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.ConnectionState;
import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Transports that send wrongly. */
final class BrokenSending {
    private BrokenSending() {}

    /** Sends something else than it was given. */
    static final class ChangesMessages extends BrokenTransport {
        private final UnaryOperator<Message> change;

        ChangesMessages(Link link, UnaryOperator<Message> change) {
            super(link);
            this.change = change;
        }

        @Override
        Message outgoing(Message message) {
            return change.apply(message);
        }
    }

    /** Answers something else than the broker did. */
    static final class ChangesAnswers extends BrokenTransport {
        private final UnaryOperator<PublishResult> change;

        ChangesAnswers(Link link, UnaryOperator<PublishResult> change) {
            super(link);
            this.change = change;
        }

        @Override
        void answer(SendRequest request, PublishResult result) {
            request.complete(change.apply(result));
        }
    }

    /** Answers each send so many times. */
    static final class AnswersTimes extends BrokenTransport {
        private final int every;
        private final int times;
        private final AtomicInteger answered = new AtomicInteger();

        /** Answers one of so many sends so many times, the others once. */
        AnswersTimes(Link link, int every, int times) {
            super(link);
            this.every = every;
            this.times = times;
        }

        @Override
        void answer(SendRequest request, PublishResult result) {
            int count = answered.incrementAndGet() % every == 0 ? times : 1;
            for (int at = 0; at < count; at++) {
                request.complete(result);
            }
        }
    }

    /** Calls a message stored and stores it a little later. */
    static final class StoresLater extends BrokenTransport {
        StoresLater(Link link) {
            super(link);
        }

        @Override
        void send(List<? extends SendRequest> batch) {
            CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS)
                    .execute(() -> super.send(batch));
            for (SendRequest request : batch) {
                String id = request.message().id().orElse("");
                request.complete(PublishResult.stored(id, Optional.empty(), false));
            }
        }

        @Override
        void answer(SendRequest request, PublishResult result) {}
    }

    /** Changes the order of two messages of a key that follow each other. */
    static final class SwapsNeighbours extends BrokenTransport {
        private final Map<String, SendRequest> kept = new HashMap<>();

        SwapsNeighbours(Link link) {
            super(link);
        }

        @Override
        synchronized void send(List<? extends SendRequest> batch) {
            for (SendRequest request : batch) {
                String key = request.message().key().orElse("");
                SendRequest earlier = kept.remove(key);
                if (earlier == null) {
                    kept.put(key, request);
                } else {
                    super.send(List.of(request, earlier));
                }
            }
            CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS).execute(this::flush);
        }

        private synchronized void flush() {
            super.send(List.copyOf(kept.values()));
            kept.clear();
        }
    }

    /** Gives each message of a batch the answer of another one. */
    static final class MixesAnswers extends BrokenTransport {
        private Optional<SendRequest> waiting = Optional.empty();
        private Optional<PublishResult> first = Optional.empty();

        MixesAnswers(Link link) {
            super(link);
        }

        @Override
        synchronized void answer(SendRequest request, PublishResult result) {
            if (waiting.isEmpty()) {
                waiting = Optional.of(request);
                first = Optional.of(result);
            } else {
                waiting.get().complete(result);
                request.complete(first.orElseThrow());
                waiting = Optional.empty();
            }
        }
    }

    /** Sends one of so many messages another number of times than once. */
    static final class SendsTimes extends BrokenTransport {
        private final int every;
        private final int times;
        private final AtomicInteger sent = new AtomicInteger();

        SendsTimes(Link link, int every, int times) {
            super(link);
            this.every = every;
            this.times = times;
        }

        @Override
        void send(List<? extends SendRequest> batch) {
            for (SendRequest request : batch) {
                boolean odd = sent.incrementAndGet() % every == 0;
                for (int at = odd ? times : 1; at > 0; at--) {
                    super.send(List.of(request));
                }
                if (odd && times == 0) {
                    String id = request.message().id().orElse("");
                    request.complete(PublishResult.stored(id, Optional.empty(), false));
                }
            }
        }
    }

    /** Sends everything once more when its link is back. */
    static final class SendsAgain extends BrokenTransport {
        private final List<Message> sent = new CopyOnWriteArrayList<>();

        SendsAgain(Link link) {
            super(link);
        }

        @Override
        Message outgoing(Message message) {
            sent.add(message);
            return message;
        }

        @Override
        void state(ConnectionState state) {
            super.state(state);
            if (state instanceof ConnectionState.Connected && !sent.isEmpty()) {
                inner.sender().send(List.copyOf(sent).stream().map(Again::new).toList());
            }
        }
    }

    /** Wants no answer. */
    private record Again(Message message) implements SendRequest {
        @Override
        public void complete(PublishResult result) {}
    }

    /** Waits a moment for a link that does not answer, and then calls everything stored. */
    static final class GivesSilenceUp extends BrokenTransport {
        GivesSilenceUp(Link link) {
            super(link);
        }

        @Override
        void send(List<? extends SendRequest> batch) {
            try {
                CompletableFuture.supplyAsync(
                                () -> inner.administration().topics(), Thread::startVirtualThread)
                        .get(30, TimeUnit.MILLISECONDS);
                super.send(batch);
            } catch (TimeoutException e) {
                for (SendRequest request : batch) {
                    String id = request.message().id().orElse("");
                    request.complete(PublishResult.stored(id, Optional.empty(), false));
                }
            } catch (ExecutionException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    static Message truncated(Message message) {
        byte[] payload = message.payload();
        return payload.length <= 65_536
                ? message
                : message.copyTo(message.topic())
                        .payload(java.util.Arrays.copyOf(payload, 65_536))
                        .build();
    }

    /** Keeps the last header of each name only, as a map would. */
    static Message withHeadersOnce(Message message) {
        var last = new LinkedHashMap<String, Headers.Header>();
        message.headers().forEach(header -> last.put(header.name(), header));
        return message.copyTo(message.topic())
                .headers(Headers.of(List.copyOf(last.values())))
                .build();
    }

    /** Leaves out what cannot be taken away from a builder: the options, or the key. */
    static Message only(Message message, boolean key, boolean correlation) {
        MessageBuilder bare =
                Message.to(message.topic())
                        .payload(message.payload())
                        .headers(message.headers())
                        .timestamp(message.timestamp());
        message.id().ifPresent(bare::id);
        if (key) {
            message.key().ifPresent(bare::key);
        }
        message.replyTo().ifPresent(bare::replyTo);
        if (correlation) {
            message.correlationId().ifPresent(bare::correlationId);
        }
        return bare.build();
    }

    static Message withoutTime(Message message) {
        return message.copyTo(message.topic()).timestamp(Instant.EPOCH).build();
    }

    static Message inLowerCase(Message message) {
        return message.copyTo(message.topic().toLowerCase(Locale.ROOT)).build();
    }

    /** Makes stored of everything that is not. */
    static PublishResult alwaysStored(PublishResult result) {
        return result instanceof PublishResult.Stored
                ? result
                : PublishResult.stored("hopefully", Optional.empty(), false);
    }

    static PublishResult withAnotherId(PublishResult result) {
        return result instanceof PublishResult.Stored stored
                ? PublishResult.stored("another", stored.position(), stored.duplicate())
                : result;
    }
}
