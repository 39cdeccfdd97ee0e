// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/**
 * A broker inside this process, for tests: what it promises it keeps, and it fails on demand.
 * Programs reach it by {@link #uri()}. Safe for use by many threads.
 */
public final class ReferenceBroker implements AutoCloseable {

    private static final Map<String, ReferenceBroker> BROKERS = new ConcurrentHashMap<>();

    private final String name;
    private final BrokerState state;
    private final Queue<CountDownLatch> frozen = new ConcurrentLinkedQueue<>();

    private ReferenceBroker(String name, ReferenceSettings settings) {
        this.name = name;
        state = new BrokerState(name, settings);
    }

    /** A new broker with a name of its own. */
    public static ReferenceBroker start(ReferenceSettings settings) {
        return named(UUID.randomUUID().toString(), settings);
    }

    /** The broker of this name; a new one if there is none. */
    public static ReferenceBroker named(String name, ReferenceSettings settings) {
        return BROKERS.computeIfAbsent(name, any -> new ReferenceBroker(name, settings));
    }

    /** What to connect to, as long as this broker is not closed. */
    public String uri() {
        return ReferenceProvider.NAME + ":" + name;
    }

    /** Opens a link, as connecting to {@link #uri()} does. */
    public Transport connect(TransportContext context) {
        return state.loop.call(() -> {
            var transport = new ReferenceTransport(state, context);
            state.transports.add(transport);
            context.state().accept(new ConnectionState.Connected());
            return transport;
        });
    }

    /** Lets the next sends end like this, one for each fault, in this order. */
    public void failNextSends(Fault... next) {
        state.loop.run(() -> state.faults.addAll(List.of(next)));
    }

    /** Calls every delivery of at least this attempt the last before the message is dropped. */
    public void callLastFrom(int attempt) {
        state.lastAttempt = attempt;
    }

    /** Breaks every link, until {@link #restoreLinks}. */
    public void breakLinks(String reason) {
        breakLinks(reason, Duration.ofSeconds(1));
    }

    /** Breaks every link; they come back by themselves after this time. */
    public void breakLinksFor(Duration time, String reason) {
        breakLinks(reason, time);
        state.later(time, this::restoreLinks);
    }

    private void breakLinks(String reason, Duration nextTry) {
        state.loop.run(() ->
                List.copyOf(state.transports).forEach(link -> link.breakLink(reason, nextTry)));
    }

    /** Makes broken links again; what was declared on them is in force when this returns. */
    public void restoreLinks() {
        state.loop.run(
                () -> List.copyOf(state.transports).forEach(ReferenceTransport::restoreLink));
    }

    /** Does nothing and answers nobody until {@link #thaw}. */
    public void freeze() {
        var thawed = new CountDownLatch(1);
        frozen.add(thawed);
        state.loop.execute(() -> Waiting.forCount(thawed));
    }

    /** Goes on with all that has come meanwhile. */
    public void thaw() {
        frozen.forEach(CountDownLatch::countDown);
        frozen.clear();
    }

    /** Stops and starts: links break and return; without {@code DURABLE} all is forgotten. */
    public void restart() {
        breakLinks("the broker restarts");
        if (!state.has(Capability.DURABLE)) {
            state.loop.run(state::forget);
        }
        restoreLinks();
    }

    /** Takes back all that a group has in hand of a topic, as a revoked partition would. */
    public void loseDeliveries(String topic, String group, String reason) {
        state.loop.run(() -> {
            Ledger ledger = state.topic(topic).groups.get(group);
            if (ledger != null) {
                for (ReferenceReceiver member : List.copyOf(ledger.members)) {
                    member.lose(ledger.takeBack(member), reason);
                }
                ledger.pump();
            }
        });
    }

    /** Tells everyone who reads a topic that messages are missing. */
    public void announceGap(Gap gap) {
        state.loop.run(() -> readers(gap.topic()).forEach(reader -> reader.gap(gap)));
    }

    /** Ends every receiver of a topic for good. */
    public void failReceivers(String topic, LapwingException cause) {
        state.loop.run(() -> readers(topic).forEach(reader -> reader.fail(cause)));
    }

    /** Puts a message into its topic as a foreign client would: as it is, with an id or without. */
    public void writeForeign(Message message) {
        state.loop.run(() -> {
            state.enter(message);
        });
    }

    /** Closes every link for good and forgets the name. */
    @Override
    public void close() {
        BROKERS.remove(name);
        thaw();
        state.loop.run(() -> List.copyOf(state.transports).forEach(ReferenceTransport::close));
    }

    private List<ReferenceReceiver> readers(String topic) {
        return state.topic(topic).ledgers().stream()
                .flatMap(ledger -> ledger.members.stream())
                .toList();
    }
}
