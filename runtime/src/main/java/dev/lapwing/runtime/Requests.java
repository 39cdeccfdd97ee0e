// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.Delivery;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.NoReplierException;
import dev.lapwing.Outcome;
import dev.lapwing.PublishResult;
import dev.lapwing.ReplyHandler;
import dev.lapwing.RequestTimeoutException;
import dev.lapwing.Subscription;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.ReservedNames;
import dev.lapwing.spi.Transport;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;

/**
 * Requests of a connection and their replies, told apart by correlation id. One way of replies,
 * which is opened when it is first needed, carries all of them: the broker's own, or a topic. Safe
 * for use by many threads.
 */
final class Requests implements ReplyListener, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Requests.class.getName());

    private final Connection connection;
    private final Transport transport;
    private final PublishPipeline pipeline;
    private final MessageIds ids;
    private final boolean isNative;
    private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final LongAdder late = new LongAdder();
    private @Nullable Replies way;
    private boolean closed;

    /** A request under way: where it went, and where its reply is awaited. */
    private record Waiting(String topic, CompletableFuture<Message> reply) {}

    Requests(Connection connection, Transport transport, PublishPipeline pipeline, MessageIds ids) {
        this.connection = connection;
        this.transport = transport;
        this.pipeline = pipeline;
        this.ids = ids;
        isNative = transport.capabilities().isNative(Capability.REQUEST_REPLY);
    }

    /** See {@link dev.lapwing.Lapwing#request}. */
    Message request(Message request, Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it must be above zero");
        }
        String address = way().address();
        String correlation = request.correlationId().orElseGet(ids::next);
        var reply = new CompletableFuture<Message>();
        if (waiting.putIfAbsent(correlation, new Waiting(request.topic(), reply)) != null) {
            throw new InvalidMessageException(
                    "A request with the correlation id '%s' waits already; leave it out to have one given"
                            .formatted(correlation));
        }
        try {
            pipeline.publishAsync(
                            request.copyTo(request.topic())
                                    .replyTo(address)
                                    .correlationId(correlation)
                                    .build())
                    .whenComplete((stored, failure) -> {
                        if (failure != null) {
                            reply.completeExceptionally(failure);
                        }
                    });
            return await(request, reply, timeout);
        } finally {
            waiting.remove(correlation);
        }
    }

    private static Message await(
            Message request, CompletableFuture<Message> reply, Duration timeout) {
        try {
            return reply.get(Timers.nanos(timeout), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RequestTimeoutException(
                    "No reply to the request on topic '%s' within %s; is there a subscription that replies?"
                            .formatted(request.topic(), timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestTimeoutException(
                    "The thread was interrupted while it waited for a reply on topic '%s'"
                            .formatted(request.topic()),
                    e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LapwingException told
                    ? told
                    : new LapwingException("The request failed", e.getCause());
        }
    }

    private synchronized Replies way() {
        if (closed) {
            throw new ClosedException("The connection is closed; connect again to send requests");
        }
        Replies open = way;
        if (open == null) {
            open =
                    isNative
                            ? transport.replies(this)
                            : new TopicReplies(connection, transport, this, ids.next());
            way = open;
        }
        return open;
    }

    @Override
    public void reply(String correlationId, Message reply) {
        Waiting request = waiting.remove(correlationId);
        if (request != null) {
            request.reply().complete(reply);
        } else {
            late.increment();
            LOG.log(Level.DEBUG, "A late reply is dropped, the {0}. so far", late.sum());
        }
    }

    @Override
    public void nobodyListens(String correlationId) {
        Waiting request = waiting.remove(correlationId);
        if (request != null) {
            request.reply()
                    .completeExceptionally(
                            new NoReplierException(
                                    "Nobody listens on topic '%s' of %s, so that the request was not handled; begin a subscription that replies, then ask again"
                                            .formatted(
                                                    request.topic(),
                                                    transport.capabilities().transport())));
        }
    }

    /** How many replies came when nobody waited for them any more. */
    long late() {
        return late.sum();
    }

    /** Handles a request and sends its reply; one that awaits no reply is only handled. */
    Outcome answer(Delivery request, ReplyHandler handler) throws Exception {
        String text = Objects.requireNonNull(handler.reply(request), "reply");
        Optional<String> address = request.message().replyTo();
        if (address.isPresent()) {
            var reply = Message.to(address.get()).text(text);
            request.message().correlationId().ifPresent(reply::correlationId);
            if (isNative && !address.get().startsWith(ReservedNames.REPLIES)) {
                answer(request, pipeline.answer(reply.build(), way()));
            } else {
                pipeline.publish(reply.build());
            }
        }
        return Outcome.accept();
    }

    /** A reply that is refused for good has nobody who waits for it: the request is handled. */
    private void answer(Delivery request, PublishResult result) {
        switch (result) {
            case PublishResult.Stored stored -> {}
            case PublishResult.Refused(String reason, boolean retriable) when !retriable ->
                    LOG.log(
                            Level.WARNING,
                            "The reply to a request on topic {0} is dropped: {1}",
                            request.topic(),
                            reason);
            default -> throw pipeline.error(request.message(), result);
        }
    }

    /** Whether this subscription takes the replies: it ends after all others. */
    synchronized boolean uses(Subscription subscription) {
        return way instanceof TopicReplies topic && topic.uses(subscription);
    }

    /** Ends what still waits, and the way of replies. */
    @Override
    public synchronized void close() {
        closed = true;
        waiting.forEach((correlation, request) ->
                request.reply()
                        .completeExceptionally(
                                new ClosedException(
                                        "The connection was closed while a request waited for"
                                                + " its reply")));
        if (way != null) {
            way.close();
        }
    }
}
