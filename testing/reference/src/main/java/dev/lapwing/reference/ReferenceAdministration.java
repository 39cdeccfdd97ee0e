// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Administration;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Topics and groups of a reference broker. */
final class ReferenceAdministration implements Administration {

    private final BrokerState broker;

    ReferenceAdministration(BrokerState broker) {
        this.broker = broker;
    }

    @Override
    public List<TopicInfo> topics() {
        return broker.loop.call(() -> broker.topics.values().stream().map(this::info).toList());
    }

    private TopicInfo info(ReferenceTopic topic) {
        List<Entry> entries = topic.entries;
        long bytes = entries.stream().mapToLong(entry -> entry.message().payload().length).sum();
        Optional<Position> first =
                entries.isEmpty() ? Optional.empty() : broker.positionOf(entries.getFirst());
        Optional<Position> last =
                entries.isEmpty() ? Optional.empty() : broker.positionOf(entries.getLast());
        return new TopicInfo(topic.name, entries.size(), bytes, first, last);
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        return in(
                topic,
                found ->
                        found.groups.entrySet().stream()
                                .map(group -> group.getValue().info(group.getKey()))
                                .toList(),
                List.of());
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        return in(topic, found -> peeked(found.since(start).stream(), limit), List.of());
    }

    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        return in(
                topic,
                found ->
                        Optional.ofNullable(found.groups.get(group))
                                .map(ledger -> peeked(ledger.pending().stream(), limit))
                                .orElse(List.of()),
                List.of());
    }

    private List<Peeked> peeked(Stream<Entry> entries, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException(
                    "limit is %d; it must be from 1 to 10000".formatted(limit));
        }
        return entries.limit(limit)
                .map(entry -> new Peeked(entry.message(), broker.positionOf(entry)))
                .toList();
    }

    @Override
    public long purge(String topic) {
        return in(
                topic,
                found -> {
                    long removed = found.entries.size();
                    found.entries.clear();
                    found.ledgers().forEach(Ledger::purge);
                    return removed;
                },
                0L);
    }

    @Override
    public void deleteTopic(String topic) {
        broker.loop.run(() -> {
            ReferenceTopic gone = broker.topics.remove(topic);
            broker.forgetAll(topic);
            if (gone != null) {
                gone.ledgers().forEach(ledger -> tell(gone, ledger));
            }
        });
    }

    @Override
    public void deleteGroup(String topic, String group) {
        broker.loop.run(() -> {
            ReferenceTopic found = broker.topics.get(topic);
            Ledger gone = found == null ? null : found.groups.remove(group);
            if (found != null && gone != null) {
                broker.forget(group, topic);
                tell(found, gone);
            }
        });
    }

    private static void tell(ReferenceTopic topic, Ledger gone) {
        List.copyOf(gone.members).forEach(member -> member.topicIsGone(topic, gone));
    }

    private <T> T in(String topic, Function<ReferenceTopic, T> question, T otherwise) {
        return broker.loop.call(() -> {
            ReferenceTopic found = broker.topics.get(topic);
            return found == null ? otherwise : question.apply(found);
        });
    }
}
