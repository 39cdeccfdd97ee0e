// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.Delivery;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.ReplyHandler;
import dev.lapwing.RequestTimeoutException;
import dev.lapwing.Subscription;

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
 * Requests of a connection and their replies: one reply topic, which is opened by the first
 * request, carries all of them, told apart by correlation id. Safe for use by many threads.
 */
final class Requests implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Requests.class.getName());

    private final Connection connection;
    private final PublishPipeline pipeline;
    private final MessageIds ids;
    private final String replyTopic;
    private final Map<String, CompletableFuture<Message>> waiting = new ConcurrentHashMap<>();
    private final LongAdder late = new LongAdder();
    private @Nullable Subscription replies;

    Requests(Connection connection, PublishPipeline pipeline, MessageIds ids) {
        this.connection = connection;
        this.pipeline = pipeline;
        this.ids = ids;
        replyTopic = "_reply." + ids.next();
    }

    /** See {@link dev.lapwing.Lapwing#request}. */
    Message request(Message request, Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout is " + timeout + "; it must be above zero");
        }
        listen();
        String correlation = request.correlationId().orElseGet(ids::next);
        var reply = new CompletableFuture<Message>();
        if (waiting.putIfAbsent(correlation, reply) != null) {
            throw new InvalidMessageException(
                    "A request with the correlation id '%s' waits already; leave it out to have one given"
                            .formatted(correlation));
        }
        try {
            pipeline.publishAsync(
                            request.copyTo(request.topic())
                                    .replyTo(replyTopic)
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

    private synchronized void listen() {
        if (replies == null) {
            replies = connection.subscribe(replyTopic).handle(this::take);
        }
    }

    private void take(Delivery delivery) {
        CompletableFuture<Message> reply =
                delivery.message().correlationId().map(waiting::remove).orElse(null);
        if (reply != null) {
            reply.complete(delivery.message());
        } else {
            late.increment();
            LOG.log(Level.DEBUG, "A late reply is dropped, the {0}. so far", late.sum());
        }
    }

    /** How many replies came when nobody waited for them any more. */
    long late() {
        return late.sum();
    }

    /** Handles a request and sends its reply; one that awaits no reply is only handled. */
    Outcome answer(Delivery request, ReplyHandler handler) throws Exception {
        String text = Objects.requireNonNull(handler.reply(request), "reply");
        Optional<String> topic = request.message().replyTo();
        if (topic.isPresent()) {
            var reply = Message.to(topic.get()).text(text);
            request.message().correlationId().ifPresent(reply::correlationId);
            pipeline.publish(reply.build());
        }
        return Outcome.accept();
    }

    /** Whether this subscription takes the replies: it ends after all others. */
    synchronized boolean uses(Subscription subscription) {
        return subscription == replies;
    }

    /** Ends what still waits, and forgets the reply topic. */
    @Override
    public synchronized void close() {
        waiting.forEach((correlation, reply) ->
                reply.completeExceptionally(
                        new ClosedException(
                                "The connection was closed while a request waited for its"
                                        + " reply")));
        if (replies != null) {
            replies.close();
        }
        if (replies != null && connection.capabilities().isNative(Capability.ADMINISTRATION)) {
            try {
                connection.administration().deleteTopic(replyTopic);
            } catch (LapwingException e) {
                LOG.log(Level.DEBUG, "The reply topic is not deleted", e);
            }
        }
    }
}
