// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One link to a reference broker. Its state is touched on the loop only. */
final class ReferenceTransport implements Transport {

    final Set<ReferenceReceiver> receivers = new LinkedHashSet<>();

    private final BrokerState broker;
    private final TransportContext context;
    private final List<SendRequest> unanswered = new ArrayList<>();
    private boolean up = true;
    private boolean closed;

    ReferenceTransport(BrokerState broker, TransportContext context) {
        this.broker = broker;
        this.context = context;
    }

    @Override
    public Capabilities capabilities() {
        return broker.capabilities;
    }

    @Override
    public SettleUnit settleUnit() {
        return broker.settings.settleUnit();
    }

    @Override
    public Sender sender() {
        return batch -> {
            List<SendRequest> requests = List.copyOf(batch);
            broker.loop.execute(() -> send(requests));
        };
    }

    /** Stores all, delivers, and only then answers: a test that has its answer finds all done. */
    private void send(List<SendRequest> requests) {
        var touched = new LinkedHashSet<ReferenceTopic>();
        var answers = new ArrayList<Runnable>();
        for (SendRequest request : requests) {
            send(request, touched)
                    .ifPresentOrElse(
                            result -> answers.add(() -> request.complete(result)),
                            () -> unanswered.add(request));
        }
        touched.forEach(ReferenceTopic::pump);
        answers.forEach(Runnable::run);
    }

    private Optional<PublishResult> send(SendRequest request, Set<ReferenceTopic> touched) {
        if (closed) {
            return Optional.of(new PublishResult.Refused("the connection is closed", false));
        }
        return up
                ? broker.store(request.message(), touched)
                : Optional.of(new PublishResult.Refused("the link is down", true));
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        return broker.loop.call(() -> open(request, listener));
    }

    private Receiver open(ReceiverRequest request, ReceiverListener listener) {
        checkOpen();
        check(request);
        var receiver = new ReferenceReceiver(broker, this, request, listener);
        if (broker.has(Capability.GROUPS)) {
            request.group().ifPresent(group -> broker.register(group, request.topics()));
        }
        if (!request.topics().isPattern()) {
            broker.topic(request.topics().toString());
        }
        receivers.add(receiver);
        if (up) {
            receiver.attach();
        }
        return receiver;
    }

    private void check(ReceiverRequest request) {
        if (request.group().isPresent()) {
            broker.require(
                    broker.has(Capability.GROUPS)
                            ? Capability.GROUPS
                            : Capability.COMPETING_CONSUMERS);
        }
        if (request.topics().isPattern()) {
            broker.require(Capability.PATTERNS);
        }
        switch (request.start()) {
            case StartAt.Now now -> {}
            case StartAt.Earliest earliest -> broker.require(Capability.REPLAY);
            case StartAt.Time time -> broker.require(Capability.REPLAY_FROM_TIME);
            case StartAt.After after -> {
                broker.require(Capability.REPLAY_FROM_POSITION);
                ResumePoint.parse(after.position());
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(
                    "The connection to reference:%s is closed".formatted(broker.name));
        }
    }

    @Override
    public Replies replies(ReplyListener listener) {
        broker.loop.run(this::checkOpen);
        return new ReferenceReplies(broker, () -> up && !closed, listener);
    }

    @Override
    public Administration administration() {
        broker.require(Capability.ADMINISTRATION);
        return new ReferenceAdministration(broker);
    }

    /** The link breaks: what is with the receivers is lost, what has no result is unknown. */
    void breakLink(String reason, Duration nextTry) {
        if (up && !closed) {
            up = false;
            context.state()
                    .accept(
                            new ConnectionState.Reconnecting(
                                    broker.now(), reason, broker.now().plus(nextTry)));
            answer("the link broke before the confirmation: " + reason);
            List.copyOf(receivers).forEach(receiver -> receiver.linkBroke(reason));
        }
    }

    void restoreLink() {
        if (!up && !closed) {
            up = true;
            List.copyOf(receivers).forEach(ReferenceReceiver::attach);
            context.state().accept(new ConnectionState.Connected());
        }
    }

    void topicAppeared(ReferenceTopic topic) {
        if (up) {
            List.copyOf(receivers).stream()
                    .filter(receiver -> receiver.request.topics().matches(topic.name))
                    .forEach(receiver -> receiver.attach(topic));
        }
    }

    private void answer(String reason) {
        List.copyOf(unanswered)
                .forEach(request -> request.complete(new PublishResult.Unknown(reason)));
        unanswered.clear();
    }

    @Override
    public void close() {
        broker.loop.run(() -> {
            if (!closed) {
                List.copyOf(receivers).forEach(ReferenceReceiver::closeNow);
                closed = true;
                answer("the connection was closed before the confirmation");
                broker.transports.remove(this);
                context.state().accept(new ConnectionState.Closed("closed by the program"));
            }
        });
    }
}
