// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.BatchPublishException;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectOptions;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult;
import dev.lapwing.PublishResult.Stored;
import dev.lapwing.PublishUnknownException;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.Transport;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The way of every message to the broker: checked, given an id, let in, sent, and its result turned
 * into what the caller sees. Safe for use by many threads.
 *
 * <p>A refusal is told at once, also one that may pass by itself: whether to wait for a full disk
 * is the caller's to decide, and a wait in here would look like a broker that hangs. An unknown
 * result is sent again within the deadline only where that cannot store the message twice: the
 * broker recognises ids, and the message has one.
 */
final class PublishPipeline implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PublishPipeline.class.getName());
    private static final long RESEND_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_LOOK = Duration.ofSeconds(1).toNanos();

    private final Transport transport;
    private final ConnectOptions options;
    private final Timers timers;
    private final MessageIds ids;
    private final MessageCheck check;
    private final InFlight inFlight;
    private final Completions completions = new Completions();
    private final boolean givesIds;
    private final boolean resends;
    private final long timeoutNanos;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean closed;

    PublishPipeline(
            Transport transport,
            Capabilities effective,
            ConnectOptions options,
            Timers timers,
            MessageIds ids) {
        this.transport = transport;
        this.options = options;
        this.timers = timers;
        this.ids = ids;
        check = new MessageCheck(effective, options.maxPayloadBytes());
        inFlight = new InFlight(options);
        givesIds =
                effective.has(Capability.ASSIGNED_IDS)
                        && !effective.isNative(Capability.ASSIGNED_IDS);
        resends = effective.isNative(Capability.DEDUPLICATION);
        timeoutNanos = Timers.nanos(options.publishTimeout());
    }

    /** See {@link dev.lapwing.Lapwing#publish(Message)}. */
    Stored publish(Message message) {
        Message checked = accept(message);
        long deadline = deadline();
        enter(checked);
        var publication = new BlockingPublish(this, inFlight, checked, deadline);
        send(List.of(publication));
        PublishResult end = publication.await();
        if (end instanceof Stored stored) {
            return stored;
        }
        throw error(checked, end);
    }

    /** See {@link dev.lapwing.Lapwing#publishAsync}. */
    CompletableFuture<Stored> publishAsync(Message message) {
        Message checked = accept(message);
        var publication = new FuturePublish(this, checked, deadline());
        if (options.overflow() == ConnectOptions.Overflow.REFUSE
                && !inFlight.tryEnter(checked.payload().length)) {
            publication.completeExceptionally(error(checked, noRoom()));
            return publication;
        }
        if (options.overflow() == ConnectOptions.Overflow.WAIT) {
            enter(checked);
        }
        send(List.of(publication.entered(inFlight)));
        return publication.handedOver();
    }

    /** See {@link dev.lapwing.Lapwing#publishAll}. */
    List<Stored> publishAll(List<Message> messages) {
        Objects.requireNonNull(messages, "messages");
        List<Message> checked = messages.stream().map(this::accept).toList();
        if (checked.isEmpty()) {
            return List.of();
        }
        List<PublishResult> results = new BatchPublish(this, inFlight, checked).run();
        for (PublishResult result : results) {
            if (!(result instanceof Stored)) {
                throw new BatchPublishException(results);
            }
        }
        return results.stream().map(Stored.class::cast).toList();
    }

    /**
     * Sends a message of the runtime's own, past the limits of users; its end is told on the
     * transport's thread.
     */
    void publishCopy(Message message, Consumer<PublishResult> ended) {
        Message known = withId(message);
        inFlight.enterAnyway(known.payload().length);
        send(List.of(new CopyPublish(this, known, deadline(), ended)));
    }

    /** Sends messages of the runtime's own and waits for all; the results are in their order. */
    List<PublishResult> publishCopies(List<Message> messages) {
        return new BatchPublish(this, inFlight, messages.stream().map(this::withId).toList()).run();
    }

    /**
     * Sends a reply by the broker's own way and waits for its end. The topic of the message is the
     * address of a request, whatever it looks like.
     */
    PublishResult answer(Message message, Replies way) {
        check.checkPayload(message);
        var end = new CompletableFuture<PublishResult>();
        try {
            way.answer(new AnswerSend(withId(message), end));
            return end.get(timeoutNanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return noConfirmation();
        } catch (ExecutionException e) {
            return new PublishResult.Unknown("the transport failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PublishResult.Unknown("the thread was interrupted");
        }
    }

    private Message accept(Message message) {
        Objects.requireNonNull(message, "message");
        if (closed) {
            throw new ClosedException(
                    "The connection is closed; connect again to publish to topic '%s'"
                            .formatted(message.topic()));
        }
        check.check(message);
        return withId(message);
    }

    private Message withId(Message message) {
        return givesIds && message.id().isEmpty()
                ? new IdentifiedMessage(message, ids.next(message))
                : message;
    }

    private void enter(Message message) {
        try {
            if (!inFlight.enter(message.payload().length, timeoutNanos)) {
                throw error(message, noRoom());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw error(
                    message,
                    new PublishResult.Refused(
                            "the thread was interrupted while it waited for room in flight", true));
        }
    }

    void send(List<? extends Publication> publications) {
        if (!looking.get() && looking.compareAndSet(false, true)) {
            lookLater();
        }
        try {
            transport.sender().send(publications);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The transport threw from send instead of telling a result", e);
            var result = new PublishResult.Unknown("the transport failed: " + e);
            publications.forEach(publication -> end(publication, result));
        }
    }

    /** Takes what the transport told; called on its thread. */
    void told(Publication publication, PublishResult result) {
        if (result instanceof PublishResult.Unknown && mayResend(publication)) {
            timers.after(RESEND_PAUSE, () -> resend(publication, result));
        } else {
            end(publication, result);
        }
    }

    private void end(Publication publication, PublishResult result) {
        if (publication.leave(inFlight)) {
            inFlight.leave(publication.message().payload().length);
            publication.end(result);
        }
    }

    private boolean mayResend(Publication publication) {
        return resends
                && !closed
                && !publication.hasEnded()
                && publication.message().id().isPresent()
                && publication.deadline() - now() > RESEND_PAUSE;
    }

    private void resend(Publication publication, PublishResult before) {
        if (closed || publication.hasEnded()) {
            end(publication, before);
        } else {
            send(List.of(publication));
        }
    }

    private void lookLater() {
        timers.after(Math.clamp(timeoutNanos / 8, 1, LONGEST_LOOK), this::endWhatTakesTooLong);
    }

    private void endWhatTakesTooLong() {
        long now = now();
        inFlight.forEach(publication -> {
            if (publication.deadline() - now <= 0 && !publication.hasEnded()) {
                publication.end(noConfirmation());
            }
        });
        looking.set(false);
        if (inFlight.messages() > 0 && looking.compareAndSet(false, true)) {
            lookLater();
        }
    }

    /** What a caller sees of a result that is not stored. */
    LapwingException error(Message message, PublishResult result) {
        String name = transport.capabilities().transport();
        return switch (result) {
            case PublishResult.Refused(String reason, boolean retriable) ->
                    new PublishRefusedException(
                            "The message to topic '%s' was refused by %s: %s; it is not stored%s"
                                    .formatted(
                                            message.topic(),
                                            name,
                                            reason,
                                            retriable ? ", try again later" : ""),
                            retriable);
            case PublishResult.Unknown(String reason) ->
                    new PublishUnknownException(
                            "The message to topic '%s' on %s may or may not be stored: %s. Publish it again under the same id"
                                    .formatted(message.topic(), name, reason));
            case Stored stored -> throw new IllegalArgumentException("no error: " + stored);
        };
    }

    PublishResult noRoom() {
        return new PublishResult.Refused(
                "%d messages wait for their confirmation, the limit in flight is %d messages or %d bytes"
                        .formatted(
                                inFlight.messages(),
                                options.maxInFlightMessages(),
                                options.maxInFlightBytes()),
                true);
    }

    PublishResult noConfirmation() {
        return new PublishResult.Unknown("no confirmation within " + options.publishTimeout());
    }

    long now() {
        return timers.nanoTime();
    }

    long deadline() {
        return timers.nanoTime() + timeoutNanos;
    }

    long timeoutNanos() {
        return timeoutNanos;
    }

    /** Parks for a while; never so long that a moved clock would go unseen. */
    void park(Object blocker, long nanos) {
        LockSupport.parkNanos(blocker, Math.min(nanos, LONGEST_LOOK));
    }

    Completions completions() {
        return completions;
    }

    /** Takes no more messages and waits for those in flight; true if all have their result. */
    boolean finish(Duration timeout) {
        closed = true;
        try {
            return inFlight.awaitNone(Timers.nanos(timeout));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends the completion thread when it has told everything; after the transport is closed. */
    @Override
    public void close() {
        closed = true;
        inFlight.forEach(publication ->
                publication.end(new PublishResult.Unknown("the connection was closed")));
        completions.close();
    }
}
