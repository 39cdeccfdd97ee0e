// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionState;
import dev.lapwing.DeadLetters;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.SubscriptionBuilder;
import dev.lapwing.TopicName;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportUri;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One connection: a transport, and what the runtime builds on it. Safe for use by many threads. */
final class Connection implements Lapwing {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    private final TransportUri uri;
    private final Transport transport;
    private final LinkState link;
    private final ConnectOptions options;
    private final Timers timers;
    private final Capabilities capabilities;
    private final PublishPipeline pipeline;
    private final Requests requests;
    private final LoopContext context;
    private final Set<DeliveryLoop> loops = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    Connection(
            TransportUri uri,
            Transport transport,
            LinkState link,
            ConnectOptions options,
            Timers timers) {
        this.uri = uri;
        this.transport = transport;
        this.link = link;
        this.options = options;
        this.timers = timers;
        capabilities = EffectiveCapabilities.over(transport.capabilities());
        var ids = new MessageIds(options.clock());
        pipeline = new PublishPipeline(transport, capabilities, options, timers, ids);
        requests = new Requests(this, transport, pipeline, ids);
        context =
                new LoopContext(transport, capabilities, pipeline, timers, options, loops::remove);
        link.connected();
    }

    @Override
    public PublishResult.Stored publish(Message message) {
        return pipeline.publish(message);
    }

    @Override
    public CompletableFuture<PublishResult.Stored> publishAsync(Message message) {
        return pipeline.publishAsync(message);
    }

    @Override
    public List<PublishResult.Stored> publishAll(List<Message> messages) {
        return pipeline.publishAll(messages);
    }

    @Override
    public Message request(Message request, Duration timeout) {
        Objects.requireNonNull(request, "request");
        capabilities.require(Capability.REQUEST_REPLY);
        ensureOpen("send requests");
        return requests.request(request, timeout);
    }

    @Override
    public SubscriptionBuilder subscribe(String topicOrPattern) {
        Objects.requireNonNull(topicOrPattern, "topicOrPattern");
        return new SubscriptionDraft(this, TopicPattern.parse(topicOrPattern));
    }

    /** Opens a loop for who consumes from these lanes; it grants nothing before it is started. */
    DeliveryLoop open(SubscriptionSettings settings, Lanes lanes, Consumption consumption) {
        ensureOpen("subscribe");
        var loop = new DeliveryLoop(context, settings, lanes, consumption);
        loops.add(loop);
        if (closing.get()) {
            loop.close();
            ensureOpen("subscribe");
        }
        return loop;
    }

    private void ensureOpen(String what) {
        if (closing.get()) {
            throw new ClosedException(
                    "The connection to %s is closed; connect again to %s".formatted(uri, what));
        }
    }

    @Override
    public DeadLetters deadLetters(String topic, String group) {
        Objects.requireNonNull(group, "group");
        capabilities.require(Capability.DEAD_LETTERS);
        return new DeadLettersView(
                this, pipeline, TopicName.check(Objects.requireNonNull(topic, "topic")), group);
    }

    @Override
    public Administration administration() {
        capabilities.require(Capability.ADMINISTRATION);
        return transport.administration();
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    SettleUnit settleUnit() {
        return transport.settleUnit();
    }

    Requests requests() {
        return requests;
    }

    @Override
    public ConnectionState state() {
        return link.current();
    }

    @Override
    public void onStateChange(Consumer<ConnectionState> listener) {
        link.listen(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public void close() {
        Thread self = Thread.currentThread();
        if (loops.stream().anyMatch(loop -> loop.runs(self))) {
            Thread.startVirtualThread(this::closeOnce);
            return;
        }
        closeOnce();
    }

    private void closeOnce() {
        if (!closing.compareAndSet(false, true)) {
            closed.join();
            return;
        }
        try {
            drainAll();
            requests.close();
            if (!pipeline.finish(options.drainTimeout())) {
                LOG.log(Level.WARNING, "Publishes to {0} had no result when it closed", uri);
            }
            transport.close();
        } finally {
            pipeline.close();
            timers.close();
            link.close("closed by the program");
            closed.complete(null);
        }
    }

    private void drainAll() {
        List<Thread> drains =
                loops.stream()
                        .filter(loop -> !requests.uses(loop))
                        .map(loop -> Thread.startVirtualThread(loop::close))
                        .toList();
        for (Thread drain : drains) {
            join(drain);
        }
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Lapwing[%s, %s]".formatted(uri, link.current());
    }
}
