// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.TopicName;
import dev.lapwing.spi.ReservedNames;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** How topics and groups are called on the broker, with the settings of a connection. */
final class RabbitNames {
    private static final String AMQ_TOPIC = "amq.topic";
    private static final String ONE_OR_MORE = "*.#";
    private static final int LONGEST_NAME = 255;
    private static final int HASH_DIGITS = 16;

    private final RabbitExchange exchange;
    private final RabbitQueues queues;

    RabbitNames(RabbitSettings settings) {
        this.exchange = settings.exchange();
        this.queues = settings.queues();
    }

    /**
     * The exchange that a topic is published to. Lapwing's own topics go round an exchange that
     * would give them to everybody.
     */
    String exchange(String topic) {
        return exchange.ignoresTopics() && TopicName.isReserved(topic)
                ? AMQ_TOPIC
                : exchange.name();
    }

    /**
     * The routing key that a queue is bound with, to get a topic or what a pattern matches.
     * RabbitMQ's {@code #} stands for no word too, so that one word stands before it.
     */
    static String bindingKey(String topics) {
        return topics.endsWith(">")
                ? topics.substring(0, topics.length() - 1) + ONE_OR_MORE
                : topics;
    }

    /** The topic or pattern that a routing key binds to; a foreign {@code #} counts as one word. */
    static String topics(String bindingKey) {
        for (String ending : new String[] {ONE_OR_MORE, "#"}) {
            if (bindingKey.endsWith(ending)) {
                return bindingKey.substring(0, bindingKey.length() - ending.length()) + ">";
            }
        }
        return bindingKey;
    }

    /** The queue of a group. */
    String queue(String topics, String group) {
        if (!ReservedNames.isDeadLetters(topics) && queues.name().isPresent()) {
            return queues.name().get();
        }
        return exchange.isDefault() ? topics : prefix(topics, group) + group;
    }

    /** The group that a queue bound to a topic or pattern is of; a foreign queue is its own. */
    String group(String topics, String queue) {
        for (String prefix : new String[] {topics + ".", shortened(topics)}) {
            if (queue.startsWith(prefix) && queue.length() > prefix.length()) {
                return queue.substring(prefix.length());
            }
        }
        return queue;
    }

    private static String prefix(String topics, String group) {
        String plain = topics + ".";
        return bytes(plain) + bytes(group) <= LONGEST_NAME ? plain : shortened(topics);
    }

    /** A topic that is too long to stand before a group: its beginning, and a hash of all of it. */
    private static String shortened(String topics) {
        int end = Math.min(topics.length(), 100);
        while (bytes(topics.substring(0, end)) > 100) {
            end--;
        }
        if (Character.isHighSurrogate(topics.charAt(end - 1))) {
            end--;
        }
        return topics.substring(0, end) + "~" + hash(topics) + ".";
    }

    private static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
