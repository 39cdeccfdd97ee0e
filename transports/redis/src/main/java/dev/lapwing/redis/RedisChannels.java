// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.TopicPattern;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubAdapter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All channels that a connection hears, on one wire: several receivers of one channel share its
 * subscription. The lock keeps the order of subscribing and unsubscribing, and is not held while
 * anything is waited for.
 */
final class RedisChannels implements RedisLink.Declared {
    private final RedisLink link;
    private final RedisNames names;
    private final Map<String, Set<RedisChannelReceiver>> channels = new ConcurrentHashMap<>();
    private final Map<String, Set<RedisChannelReceiver>> globs = new ConcurrentHashMap<>();
    private volatile RedisDialer.@Nullable Subscriber subscriber;
    private volatile boolean again;
    private volatile boolean closed;

    RedisChannels(RedisLink link, RedisNames names) {
        this.link = link;
        this.names = names;
    }

    /** Hands on what one wire hears; the wire's thread owns it. */
    private final class Ear extends RedisPubSubAdapter<byte[], byte[]> {
        private final List<RedisChannelReceiver> touched = new ArrayList<>();

        @Override
        public void message(byte[] channel, byte[] payload) {
            names.topic(channel)
                    .ifPresent(topic ->
                            hear(channels.getOrDefault(text(channel), Set.of()), topic, payload));
        }

        @Override
        public void message(byte[] glob, byte[] channel, byte[] payload) {
            names.topic(channel)
                    .ifPresent(topic ->
                            hear(globs.getOrDefault(text(glob), Set.of()), topic, payload));
        }

        private void hear(Set<RedisChannelReceiver> receivers, String topic, byte[] payload) {
            Instant now = link.clock().instant();
            for (RedisChannelReceiver receiver : receivers) {
                if (receiver.topics().matches(topic)
                        && receiver.hear(new RedisChannelMessage(topic, payload, now))) {
                    touched.add(receiver);
                }
            }
        }

        void handOver() {
            touched.forEach(RedisChannelReceiver::handOver);
            touched.clear();
        }
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    /** Adds a receiver, which is in force when this returns. */
    void add(RedisChannelReceiver receiver) {
        try {
            RedisWire.await(link.settings(), subscribe(receiver));
        } catch (RuntimeException e) {
            remove(receiver);
            throw e;
        }
    }

    private synchronized CompletableFuture<?> subscribe(RedisChannelReceiver receiver) {
        boolean pattern = receiver.topics().isPattern();
        String name = name(receiver.topics());
        (pattern ? globs : channels)
                .computeIfAbsent(name, any -> ConcurrentHashMap.newKeySet())
                .add(receiver);
        RedisDialer.Subscriber current = subscriber;
        if (current == null) {
            return CompletableFuture.failedFuture(
                    RedisErrors.broken(link.settings(), "the link is down"));
        }
        byte[] bytes = RedisNames.bytes(name);
        var commands = current.connection().async();
        return told(pattern ? commands.psubscribe(bytes) : commands.subscribe(bytes));
    }

    /** Removes a receiver; the last one of a channel ends its subscription. */
    synchronized void remove(RedisChannelReceiver receiver) {
        boolean pattern = receiver.topics().isPattern();
        String name = name(receiver.topics());
        Map<String, Set<RedisChannelReceiver>> table = pattern ? globs : channels;
        Set<RedisChannelReceiver> listening = table.getOrDefault(name, Set.of());
        RedisDialer.Subscriber current = subscriber;
        if (!listening.contains(receiver)) {
            return;
        }
        listening.remove(receiver);
        if (listening.isEmpty()) {
            table.remove(name);
            if (current != null && current.wire().isOpen()) {
                byte[] bytes = RedisNames.bytes(name);
                var commands = current.connection().async();
                var _ = pattern ? commands.punsubscribe(bytes) : commands.unsubscribe(bytes);
            }
        }
    }

    /** The channel of a topic, or the glob that all that matches a pattern matches too. */
    private String name(TopicPattern topics) {
        if (!topics.isPattern()) {
            return names.prefix() + topics;
        }
        return RedisNames.escaped(names.prefix())
                + topics.words().stream()
                        .map(word ->
                                word.equals("*") || word.equals(">")
                                        ? "*"
                                        : RedisNames.escaped(word))
                        .collect(Collectors.joining("."));
    }

    private CompletableFuture<Void> told(RedisFuture<Void> future) {
        return future.toCompletableFuture()
                .exceptionallyCompose(failure ->
                        CompletableFuture.failedFuture(
                                failure instanceof RedisCommandExecutionException
                                        ? RedisErrors.of(
                                                link.settings(),
                                                "Subscribing",
                                                String.valueOf(failure.getMessage()))
                                        : RedisErrors.broken(
                                                link.settings(),
                                                String.valueOf(failure.getMessage()))));
    }

    @Override
    public boolean inForce() {
        RedisDialer.Subscriber current = subscriber;
        return current != null && current.wire().isOpen();
    }

    @Override
    public void declare() {
        RedisDialer.Subscriber fresh = link.dialSubscriber();
        var ear = new Ear();
        fresh.connection().addListener(ear);
        fresh.wire().onPause(ear::handOver);
        List<CompletableFuture<?>> asked = new ArrayList<>();
        synchronized (this) {
            subscriber = fresh;
            var commands = fresh.connection().async();
            byte[][] plain = bytes(channels);
            byte[][] wild = bytes(globs);
            if (plain.length > 0) {
                asked.add(told(commands.subscribe(plain)));
            }
            if (wild.length > 0) {
                asked.add(told(commands.psubscribe(wild)));
            }
        }
        try {
            asked.forEach(answer -> RedisWire.await(link.settings(), answer));
        } catch (RuntimeException e) {
            fresh.wire().close();
            throw e;
        }
        fresh.wire().onDown(() -> broke(fresh));
        if (again) {
            everyone().forEach(RedisChannelReceiver::wasAway);
        }
        again = true;
    }

    private void broke(RedisDialer.Subscriber which) {
        if (!closed) {
            link.broken(which.wire().reason());
        }
    }

    private static byte[][] bytes(Map<String, ?> table) {
        return table.keySet().stream().map(RedisNames::bytes).toArray(byte[][]::new);
    }

    private Stream<RedisChannelReceiver> everyone() {
        return Stream.of(channels, globs)
                .flatMap(table -> table.values().stream())
                .flatMap(Set::stream);
    }

    /** Asks for a sign of life. */
    void check() {
        RedisDialer.Subscriber current = subscriber;
        if (current != null && current.wire().isOpen()) {
            current.wire().check();
        }
    }

    void close() {
        closed = true;
        RedisDialer.Subscriber current = subscriber;
        if (current != null) {
            current.wire().close();
        }
    }
}
