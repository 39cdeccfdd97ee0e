// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.BatchHandler;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Delivery;
import dev.lapwing.DeliveryStream;
import dev.lapwing.Gap;
import dev.lapwing.Guarantee;
import dev.lapwing.MessageHandler;
import dev.lapwing.Outcome;
import dev.lapwing.OutcomeHandler;
import dev.lapwing.ReplyHandler;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.SubscriptionBuilder;
import dev.lapwing.TopicPattern;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.SettleUnit;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/** A subscription as it is described, and the checks of what may be asked. */
final class SubscriptionDraft implements SubscriptionBuilder {
    private static final System.Logger LOG = System.getLogger(SubscriptionDraft.class.getName());
    private static final int MAX_GROUP_BYTES = 100;
    private static final int STANDARD_PREFETCH = 512;
    private static final Duration SHORTEST_LEASE = Duration.ofMillis(100);
    private static final Duration LONGEST_LEASE = Duration.ofHours(12);

    private final Connection connection;
    private final TopicPattern topics;
    private @Nullable String group;
    private StartAt start = StartAt.now();
    private Retry retry = Retry.exponential(Duration.ofMillis(100));
    private int concurrency = 1;
    private int prefetch;
    private Duration lease = Duration.ofSeconds(30);
    private Guarantee guarantee = Guarantee.AT_LEAST_ONCE;
    private Consumer<Gap> onGap = gap -> LOG.log(Level.WARNING, "Messages are missing: {0}", gap);

    SubscriptionDraft(Connection connection, TopicPattern topics) {
        this.connection = connection;
        this.topics = topics;
    }

    @Override
    public SubscriptionBuilder group(String name) {
        group = checkGroup(name);
        return this;
    }

    /** Returns the name if a group may have it. */
    static String checkGroup(String name) {
        Objects.requireNonNull(name, "group");
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        boolean bad =
                name.codePoints()
                        .anyMatch(c ->
                                Character.isISOControl(c)
                                        || Character.isSpaceChar(c)
                                        || c == '*'
                                        || c == '>'
                                        || c == '~');
        if (bytes < 1 || bytes > MAX_GROUP_BYTES || bad || name.startsWith("_")) {
            throw new IllegalArgumentException(
                    "group is '%s'; it must have 1 to %d bytes of UTF-8 without control characters, white space, '*', '>' and '~', and not begin with '_'"
                            .formatted(name, MAX_GROUP_BYTES));
        }
        return name;
    }

    @Override
    public SubscriptionBuilder from(StartAt place) {
        start = Objects.requireNonNull(place, "start");
        return this;
    }

    @Override
    public SubscriptionBuilder retry(Retry policy) {
        retry = Objects.requireNonNull(policy, "retry");
        return this;
    }

    @Override
    public SubscriptionBuilder concurrency(int handlers) {
        concurrency = inRange("concurrency", handlers, 10_000);
        return this;
    }

    @Override
    public SubscriptionBuilder prefetch(int deliveries) {
        prefetch = inRange("prefetch", deliveries, 1_000_000);
        return this;
    }

    private static int inRange(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be from 1 to %d".formatted(name, value, most));
        }
        return value;
    }

    @Override
    public SubscriptionBuilder lease(Duration visibility) {
        if (visibility.compareTo(SHORTEST_LEASE) < 0 || visibility.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException(
                    "lease is %s; it must be from %s to %s"
                            .formatted(visibility, SHORTEST_LEASE, LONGEST_LEASE));
        }
        lease = visibility;
        return this;
    }

    @Override
    public SubscriptionBuilder guarantee(Guarantee promise) {
        guarantee = Objects.requireNonNull(promise, "guarantee");
        return this;
    }

    @Override
    public SubscriptionBuilder onGap(Consumer<Gap> listener) {
        onGap = Objects.requireNonNull(listener, "listener");
        return this;
    }

    @Override
    public Subscription handle(MessageHandler handler) {
        Objects.requireNonNull(handler, "handler");
        return decide(delivery -> {
            handler.handle(delivery);
            return Outcome.accept();
        });
    }

    @Override
    public Subscription decide(OutcomeHandler handler) {
        Objects.requireNonNull(handler, "handler");
        SubscriptionSettings settings = settings();
        var lanes = new Lanes(concurrency == 1);
        int share = concurrency == 1 ? Math.clamp(settings.prefetch() / 8, 1, 64) : 1;
        var workers =
                new HandlerWorkers(lanes, concurrency, share, new MessageWork(handler, lanes));
        return connection.open(settings, lanes, workers).start(Long.MAX_VALUE);
    }

    @Override
    public Subscription handleBatch(int maxMessages, Duration maxWait, BatchHandler handler) {
        Objects.requireNonNull(handler, "handler");
        SubscriptionSettings settings = settings();
        if (maxMessages < 1 || maxMessages > settings.prefetch()) {
            throw new IllegalArgumentException(
                    "maxMessages is %d; it must be from 1 to the prefetch, %d"
                            .formatted(maxMessages, settings.prefetch()));
        }
        if (maxWait.isNegative()) {
            throw new IllegalArgumentException(
                    "maxWait is " + maxWait + "; it must not be negative");
        }
        var lanes = new Lanes(concurrency == 1);
        var work = new BatchWork(handler, lanes, Timers.nanos(maxWait));
        var workers = new HandlerWorkers(lanes, concurrency, maxMessages, work);
        return connection.open(settings, lanes, workers).start(Long.MAX_VALUE);
    }

    @Override
    public Subscription reply(ReplyHandler handler) {
        Objects.requireNonNull(handler, "handler");
        connection.capabilities().require(Capability.REQUEST_REPLY);
        return decide(request -> connection.requests().answer(request, handler));
    }

    @Override
    public DeliveryStream open() {
        SubscriptionSettings settings = settings();
        var lanes = new Lanes(true);
        var stream = new PulledDeliveries(lanes);
        DeliveryLoop loop = connection.open(settings, lanes, stream);
        stream.over(loop);
        loop.start(Long.MAX_VALUE);
        return stream;
    }

    @Override
    public Flow.Publisher<Delivery> publisher() {
        return new FlowDeliveries(connection, settings());
    }

    /** What was asked, if the transport can do it. */
    SubscriptionSettings settings() {
        checkCapabilities(connection.capabilities());
        if (prefetch > 0 && prefetch < concurrency) {
            throw new IllegalArgumentException(
                    "prefetch is %d; it must be at least the concurrency, %d"
                            .formatted(prefetch, concurrency));
        }
        return new SubscriptionSettings(
                topics,
                Optional.ofNullable(group),
                start,
                retry,
                concurrency,
                prefetch > 0 ? prefetch : Math.max(STANDARD_PREFETCH, concurrency),
                lease,
                guarantee,
                onGap);
    }

    private void checkCapabilities(Capabilities capabilities) {
        if (topics.isPattern()) {
            capabilities.require(Capability.PATTERNS);
        }
        switch (start) {
            case StartAt.Now now -> {}
            case StartAt.Earliest earliest -> capabilities.require(Capability.REPLAY);
            case StartAt.After after -> capabilities.require(Capability.REPLAY_FROM_POSITION);
            case StartAt.Time time -> capabilities.require(Capability.REPLAY_FROM_TIME);
        }
        if (group != null) {
            checkGroup(capabilities);
        }
    }

    private void checkGroup(Capabilities capabilities) {
        if (!capabilities.has(Capability.GROUPS)
                && capabilities.has(Capability.COMPETING_CONSUMERS)) {
            if (guarantee == Guarantee.AT_MOST_ONCE) {
                return;
            }
            throw new UnsupportedCapabilityException(
                    capabilities.transport(),
                    Capability.GROUPS,
                    "its competing consumers remember nothing and lose what fails: to share"
                            + " messages like that ask for guarantee(AT_MOST_ONCE); otherwise: "
                            + capabilities.entry(Capability.GROUPS).note());
        }
        capabilities.require(Capability.GROUPS);
        if (guarantee == Guarantee.AT_LEAST_ONCE && connection.settleUnit() == SettleUnit.NONE) {
            throw new UnsupportedCapabilityException(
                    capabilities.transport(),
                    Capability.CONFIRMED_ACK,
                    "it takes a message for handled when it is delivered: ask for"
                            + " guarantee(AT_MOST_ONCE)");
        }
    }
}
