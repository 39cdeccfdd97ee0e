// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Administration;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Looks after the streams of a server and their groups. */
final class RedisAdministration implements Administration {
    private static final int SCAN = 1_000;

    private final RedisLink link;
    private final RedisNames names;
    private final RedisMessages messages;

    RedisAdministration(RedisLink link, RedisNames names, RedisMessages messages) {
        this.link = link;
        this.names = names;
        this.messages = messages;
    }

    @Override
    public List<TopicInfo> topics() {
        var keys = new ArrayList<byte[]>();
        String cursor = "0";
        do {
            List<Object> page =
                    ask(
                            "Listing topics",
                            CommandType.SCAN,
                            RedisWire.args()
                                    .add(cursor)
                                    .add("MATCH")
                                    .add(RedisNames.escaped(names.prefix()) + "*")
                                    .add("COUNT")
                                    .add(SCAN)
                                    .add("TYPE")
                                    .add("stream"));
            cursor = RedisReplies.text(page.get(0));
            RedisReplies.list(page.get(1)).forEach(key -> keys.add((byte[]) key));
        } while (!cursor.equals("0"));
        return keys.stream()
                .flatMap(key -> names.topic(key).stream())
                .distinct()
                .flatMap(topic -> topic(topic).stream())
                .sorted(Comparator.comparing(TopicInfo::name))
                .toList();
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        byte[] key = names.key(name);
        RedisStart.Stream stream = await(RedisStart.look(link.commands(), name, key));
        if (stream.facts().isEmpty()) {
            return Optional.empty();
        }
        long bytes =
                await(
                        link.commands()
                                .ask(
                                        "The size of topic '" + name + "'",
                                        CommandType.MEMORY,
                                        new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                                        RedisWire.args().add("USAGE").addKey(key))
                                .exceptionally(mayNotAsk -> -1L));
        return Optional.of(
                new TopicInfo(
                        name,
                        RedisReplies.number(stream.facts().get("length")),
                        bytes,
                        position(stream.facts().get("first-entry")),
                        position(stream.facts().get("last-entry"))));
    }

    private static Optional<Position> position(@Nullable Object entry) {
        List<Object> parts = RedisReplies.list(entry);
        return parts.isEmpty()
                ? Optional.empty()
                : Optional.of(new Position(RedisReplies.text(parts.getFirst())));
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        byte[] key = names.key(topic);
        RedisStart.Stream stream = await(RedisStart.look(link.commands(), topic, key));
        if (stream.facts().isEmpty()) {
            return List.of();
        }
        return groupFacts(topic, key).stream()
                .map(group -> info(topic, key, stream, group))
                .sorted(Comparator.comparing(GroupInfo::name))
                .toList();
    }

    private List<Map<String, @Nullable Object>> groupFacts(String topic, byte[] key) {
        return ask(
                        "The groups of topic '" + topic + "'",
                        CommandType.XINFO,
                        RedisWire.args().add("GROUPS").addKey(key))
                .stream()
                .map(group -> RedisReplies.map(RedisReplies.list(group)))
                .toList();
    }

    private GroupInfo info(
            String topic,
            byte[] key,
            RedisStart.Stream stream,
            Map<String, @Nullable Object> group) {
        String name = RedisReplies.text(group.get("name"));
        long pending = RedisReplies.number(group.get("pending"));
        long unread = unread(topic, key, stream, group);
        long released = 0;
        int members = 0;
        List<Object> consumers =
                ask(
                        "The members of group '" + name + "'",
                        CommandType.XINFO,
                        RedisWire.args().add("CONSUMERS").addKey(key).add(name));
        for (Object each : consumers) {
            Map<String, @Nullable Object> consumer = RedisReplies.map(RedisReplies.list(each));
            if (RedisReplies.text(consumer.get("name")).equals(RedisNames.RELEASED)) {
                released = RedisReplies.number(consumer.get("pending"));
            } else {
                members++;
            }
        }
        return new GroupInfo(name, unread < 0 ? -1 : pending + unread, pending - released, members);
    }

    /** How many entries that are kept stand behind what a group has read; -1: too many to count. */
    private long unread(
            String topic,
            byte[] key,
            RedisStart.Stream stream,
            Map<String, @Nullable Object> group) {
        String last = RedisReplies.text(group.get("last-delivered-id"));
        long length = RedisReplies.number(stream.facts().get("length"));
        if (!RedisEntry.isBefore(last, stream.lastId())) {
            return 0;
        }
        if (group.get("lag") instanceof Long lag) {
            return Math.min(lag, length);
        }
        int counted = range(topic, key, "(" + last, "+", SCAN * 10).size();
        return counted == SCAN * 10 ? -1 : counted;
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        if (start instanceof StartAt.Now) {
            return List.of();
        }
        byte[] key = names.key(topic);
        RedisStart place = RedisStart.of(link.settings(), link.commands(), topic, key, start);
        return peeked(topic, range(topic, key, "(" + place.after(), "+", limit));
    }

    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        byte[] key = names.key(topic);
        RedisStart.Stream stream = await(RedisStart.look(link.commands(), topic, key));
        if (stream.facts().isEmpty()) {
            return List.of();
        }
        for (Map<String, @Nullable Object> facts : groupFacts(topic, key)) {
            if (RedisReplies.text(facts.get("name")).equals(group)) {
                String last = RedisReplies.text(facts.get("last-delivered-id"));
                var found = new ArrayList<>(pending(topic, key, group, limit));
                if (found.size() < limit) {
                    found.addAll(range(topic, key, "(" + last, "+", limit - found.size()));
                }
                return peeked(topic, found);
            }
        }
        return List.of();
    }

    private List<RedisEntry> pending(String topic, byte[] key, String group, int limit) {
        List<Object> ids =
                ask(
                        "What group '" + group + "' has not settled",
                        CommandType.XPENDING,
                        RedisWire.args().addKey(key).add(group).add("-").add("+").add(limit));
        List<CompletableFuture<List<RedisEntry>>> entries =
                ids.stream()
                        .map(each -> RedisReplies.text(RedisReplies.list(each).getFirst()))
                        .map(id -> askRange(topic, key, id, id, 1))
                        .toList();
        return entries.stream().flatMap(each -> await(each).stream()).toList();
    }

    private List<RedisEntry> range(String topic, byte[] key, String from, String to, int limit) {
        return await(askRange(topic, key, from, to, limit));
    }

    private CompletableFuture<List<RedisEntry>> askRange(
            String topic, byte[] key, String from, String to, int limit) {
        return link.commands()
                .ask(
                        "Looking into topic '" + topic + "'",
                        CommandType.XRANGE,
                        RedisEntries.ofRange(),
                        RedisWire.args().addKey(key).add(from).add(to).add("COUNT").add(limit));
    }

    private List<Peeked> peeked(String topic, List<RedisEntry> entries) {
        return entries.stream()
                .map(entry -> new RedisMessage(topic, entry, messages.payloadField()))
                .map(message -> new Peeked(message, Optional.of(message.position())))
                .toList();
    }

    @Override
    public long purge(String topic) {
        List<Object> removed =
                await(
                        link.commands()
                                .run(
                                        "Purging topic '" + topic + "'",
                                        RedisScripts.PURGE,
                                        names.key(topic)));
        return removed.isEmpty() ? 0 : RedisReplies.number(removed.getFirst());
    }

    @Override
    public void deleteTopic(String topic) {
        byte[] key = names.key(topic);
        if (await(RedisStart.look(link.commands(), topic, key)).facts().isEmpty()) {
            return;
        }
        ask("Deleting topic '" + topic + "'", CommandType.DEL, RedisWire.args().addKey(key));
    }

    @Override
    public void deleteGroup(String topic, String group) {
        CompletableFuture<List<Object>> done =
                link.commands()
                        .ask(
                                "Deleting group '%s' of topic '%s'".formatted(group, topic),
                                CommandType.XGROUP,
                                RedisWire.args()
                                        .add("DESTROY")
                                        .addKey(names.key(topic))
                                        .add(group));
        try {
            await(done);
        } catch (LapwingException e) {
            if (!e.getMessage().contains("requires the key to exist")) {
                throw e;
            }
        }
    }

    private List<Object> ask(String what, CommandType type, CommandArgs<byte[], byte[]> args) {
        return await(link.commands().ask(what, type, args));
    }

    private <T> T await(CompletableFuture<T> answer) {
        return RedisWire.await(link.settings(), answer);
    }
}
