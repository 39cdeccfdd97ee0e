// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.ReservedNames;
import dev.lapwing.spi.SettleUnit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

/** What a broker holds and does. Everything but the final fields is touched on the loop only. */
final class BrokerState {

    /** A group that wants the topics that match, those to come included. */
    private record Registration(String group, TopicPattern topics) {}

    final String name;
    final ReferenceSettings settings;
    final Capabilities capabilities;
    final BrokerLoop loop = new BrokerLoop();
    final Map<String, ReferenceTopic> topics = new TreeMap<>();
    final List<ReferenceTransport> transports = new ArrayList<>();
    final Queue<Fault> faults = new ArrayDeque<>();
    final Map<String, ReplyListener> replies = new HashMap<>();

    /** At which attempt it calls a delivery the last. */
    volatile int lastAttempt = Integer.MAX_VALUE;

    private final Set<Registration> registrations = new LinkedHashSet<>();
    private long lastOffset;
    private int topicsMade;
    private int life;

    BrokerState(String name, ReferenceSettings settings) {
        this.name = name;
        this.settings = settings;
        capabilities = ReferenceCapabilities.of(settings);
    }

    /** Stores a message; empty if no answer shall come. */
    Optional<PublishResult> store(Message message, Set<ReferenceTopic> touched) {
        Fault fault = faults.poll();
        if (fault == null) {
            return Optional.of(route(message, touched));
        }
        if (fault.stores()) {
            route(message, touched);
        }
        return fault.result();
    }

    /** Without history there is no place for what nobody has subscribed to. */
    private PublishResult route(Message message, Set<ReferenceTopic> touched) {
        ReferenceTopic topic = topic(message.topic());
        if (ReservedNames.isDeadLetters(topic.name) && !has(Capability.REPLAY)) {
            groupLedger(topic, ReservedNames.REDRIVE_GROUP, StartAt.now());
        }
        if (has(Capability.REPLAY) || !topic.ledgers().isEmpty()) {
            return store(message, topic, touched);
        }
        topics.remove(topic.name);
        message.replyTo()
                .map(replies::get)
                .ifPresent(asker -> asker.nobodyListens(message.correlationId().orElse("")));
        return has(Capability.STORED_CONFIRMATION)
                ? new PublishResult.Refused(
                        "no group has subscribed to the topic, so that it would be kept nowhere;"
                                + " subscribe first",
                        false)
                : PublishResult.stored(message.id().orElse(""), Optional.empty(), false);
    }

    /** A reply finds its asker, or nobody. */
    PublishResult reply(Message reply) {
        ReplyListener asker = replies.get(reply.topic());
        if (asker == null) {
            return new PublishResult.Refused("nobody awaits it at " + reply.topic(), false);
        }
        asker.reply(reply.correlationId().orElse(""), reply);
        return PublishResult.stored(reply.id().orElse(""), Optional.empty(), false);
    }

    private PublishResult store(
            Message message, ReferenceTopic topic, Set<ReferenceTopic> touched) {
        String id = message.id().orElse("");
        if (has(Capability.DEDUPLICATION) && !id.isEmpty() && !topic.accepted.add(id)) {
            Optional<Entry> earlier = Optional.ofNullable(topic.byId.get(id));
            return PublishResult.stored(id, earlier.flatMap(this::positionOf), true);
        }
        Duration delay = message.deliverAfter().orElse(Duration.ZERO);
        if (delay.isPositive()) {
            later(delay, () -> enter(message));
            return PublishResult.stored(id, Optional.empty(), false);
        }
        Entry entry = append(topic, message);
        touched.add(topic);
        return PublishResult.stored(id, positionOf(entry), false);
    }

    /** A message enters its topic without a question. */
    void enter(Message message) {
        ReferenceTopic topic = topic(message.topic());
        append(topic, message);
        topic.pump();
    }

    private Entry append(ReferenceTopic topic, Message message) {
        int partition = topic.partitionOf(message, settings.partitions());
        var entry = new Entry(carried(message), partition, ++lastOffset);
        topic.append(entry);
        return entry;
    }

    /** What the wire carries: without headers there is no place for anything but bytes. */
    private Message carried(Message message) {
        if (has(Capability.HEADERS)) {
            return message;
        }
        MessageBuilder bare = Message.to(message.topic()).payload(message.payload());
        message.key().ifPresent(bare::key);
        return bare.timestamp(message.timestamp()).build();
    }

    Optional<Position> positionOf(Entry entry) {
        return settings.settleUnit() == SettleUnit.MESSAGE
                ? Optional.of(ResumePoint.single(entry))
                : Optional.empty();
    }

    /** The topic of this name; made if there is none, with everyone who waits for it. */
    ReferenceTopic topic(String topicName) {
        ReferenceTopic known = topics.get(topicName);
        if (known != null) {
            return known;
        }
        var topic = new ReferenceTopic(topicName, ++topicsMade);
        topics.put(topicName, topic);
        registrations.stream()
                .filter(registration -> registration.topics().matches(topicName))
                .forEach(waiting -> groupLedger(topic, waiting.group(), StartAt.earliest()));
        transports.forEach(transport -> transport.topicAppeared(topic));
        return topic;
    }

    List<ReferenceTopic> topicsOf(TopicPattern pattern) {
        return topics.values().stream().filter(topic -> pattern.matches(topic.name)).toList();
    }

    Ledger groupLedger(ReferenceTopic topic, String group, StartAt start) {
        return topic.groups.computeIfAbsent(group, any -> newLedger(topic, start));
    }

    Ledger ownLedger(ReferenceTopic topic, StartAt start) {
        Ledger ledger = newLedger(topic, start);
        topic.ownLedgers.add(ledger);
        return ledger;
    }

    private Ledger newLedger(ReferenceTopic topic, StartAt start) {
        Ledger ledger =
                settings.settleUnit() == SettleUnit.FLOOR
                        ? new FloorLedger(this, topic, lastOffset)
                        : new MessageLedger(this, topic);
        topic.since(start).forEach(ledger::add);
        return ledger;
    }

    void register(String group, TopicPattern pattern) {
        registrations.add(new Registration(group, pattern));
    }

    void forget(String group, String topic) {
        registrations.removeIf(registration ->
                registration.group().equals(group)
                        && registration.topics().toString().equals(topic));
    }

    void forgetAll(String topic) {
        registrations.removeIf(registration -> registration.topics().toString().equals(topic));
    }

    boolean has(Capability capability) {
        return capabilities.has(capability);
    }

    void require(Capability capability) {
        capabilities.require(capability);
    }

    UnsupportedCapabilityException unsupported(Capability capability) {
        return new UnsupportedCapabilityException(
                ReferenceProvider.NAME, capability, capabilities.entry(capability).note());
    }

    boolean settles() {
        return settings.settleUnit() != SettleUnit.NONE;
    }

    boolean confirmsAcks() {
        return has(Capability.CONFIRMED_ACK);
    }

    /** Everything is gone, and so is what waited for its time. */
    void forget() {
        topics.clear();
        life++;
    }

    Instant now() {
        return settings.time().now();
    }

    void later(Duration delay, Runnable task) {
        int begun = life;
        settings.time().schedule(delay, () -> loop.run(() -> runIn(begun, task)));
    }

    private void runIn(int begun, Runnable task) {
        if (begun == life) {
            task.run();
        }
    }
}
