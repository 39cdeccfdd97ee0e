// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.ReservedNames;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * The topics of the cluster: finds them, and makes them when they are first used. Its methods wait
 * for the broker. Safe for use by many threads.
 */
final class KafkaTopics {

    /** What the broker takes in one batch if nobody has said otherwise, in bytes. */
    private static final int STANDARD_MESSAGE_BYTES = 1_048_588;

    /** Room for id, key, headers and the batch around a payload, in bytes. */
    static final int AROUND_PAYLOAD_BYTES = 160 << 10;

    private static final long LOOK_AGAIN_NANOS = 20_000_000;
    private static final int MOST_LOOKS = 250;

    private final KafkaLink link;
    private final KafkaNames names;

    KafkaTopics(KafkaLink link, KafkaNames names) {
        this.link = link;
        this.names = names;
    }

    KafkaNames names() {
        return names;
    }

    /** How many partitions a topic has, if there is one. */
    Optional<Integer> find(String kafkaTopic) {
        return Optional.ofNullable(describe(Set.of(kafkaTopic)).get(kafkaTopic));
    }

    /** How many partitions each of these topics has; those that are not there are left out. */
    Map<String, Integer> describe(Collection<String> kafkaTopics) {
        Map<String, KafkaFuture<TopicDescription>> answers =
                link.admin.describeTopics(kafkaTopics).topicNameValues();
        var found = new TreeMap<String, Integer>();
        answers.forEach((name, answer) -> {
            try {
                found.put(name, answer.get().partitions().size());
            } catch (ExecutionException e) {
                if (!(KafkaErrors.cause(e) instanceof UnknownTopicOrPartitionException)) {
                    throw link.errors.told(KafkaErrors.cause(e), "describing topic '" + name + "'");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LapwingException(
                        "The thread was interrupted while describing topic '" + name + "'", e);
            }
        });
        return found;
    }

    /** Kafka's names of all topics, without its internal ones. */
    Set<String> all() {
        return new TreeSet<>(link.errors.get(link.admin.listTopics().names(), "listing topics"));
    }

    /** Kafka's names of the topics that match, with how many partitions each has. */
    Map<String, Integer> matching(TopicPattern pattern) {
        if (!pattern.isPattern()) {
            return describe(Set.of(names.toKafka(pattern.toString())));
        }
        List<String> matching =
                all().stream().filter(name -> pattern.matches(names.toTopic(name))).toList();
        return matching.isEmpty() ? Map.of() : describe(matching);
    }

    static Set<TopicPartition> partitions(Map<String, Integer> topics) {
        var partitions = new java.util.LinkedHashSet<TopicPartition>();
        topics.forEach((name, count) -> {
            for (int number = 0; number < count; number++) {
                partitions.add(new TopicPartition(name, number));
            }
        });
        return partitions;
    }

    /**
     * Makes a topic if it is not there.
     *
     * @return how many partitions it has
     * @throws LapwingException if it is not there and must not, or cannot, be made
     */
    int ensure(String topic) {
        String name = names.toKafka(topic);
        Optional<Integer> there = find(name);
        if (there.isPresent()) {
            return there.get();
        }
        if (!link.settings.create()) {
            throw new LapwingException(
                    "There is no topic '%s' at %s, and create=false; make it (Kafka's name is '%s'), or leave create=false out"
                            .formatted(topic, link.settings.shown(), name));
        }
        create(topic, name);
        return awaitCreated(topic, name);
    }

    private void create(String topic, String name) {
        var made =
                new NewTopic(
                        name,
                        Optional.of(topic.startsWith("_") ? 1 : link.settings.partitions()),
                        link.settings.replication() < 0
                                ? Optional.empty()
                                : Optional.of(link.settings.replication()));
        try {
            link.admin.createTopics(List.of(made.configs(configs(topic)))).all().get();
        } catch (ExecutionException e) {
            if (!(KafkaErrors.cause(e) instanceof TopicExistsException)) {
                throw link.errors.told(KafkaErrors.cause(e), "making topic '" + topic + "'");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while making topic '" + topic + "'", e);
        }
    }

    private Map<String, String> configs(String topic) {
        var configs = new HashMap<String, String>();
        int largest = link.maxPayloadBytes() + AROUND_PAYLOAD_BYTES;
        if (largest > STANDARD_MESSAGE_BYTES) {
            configs.put("max.message.bytes", String.valueOf(largest));
        }
        if (topic.startsWith(ReservedNames.DEAD_LETTERS)) {
            configs.put("retention.ms", "-1");
        }
        return configs;
    }

    /** A topic is made by the controller; the broker that is asked hears of it a moment later. */
    private int awaitCreated(String topic, String name) {
        for (int look = 0; look < MOST_LOOKS; look++) {
            Optional<Integer> there = find(name);
            if (there.isPresent()) {
                return there.get();
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        throw new LapwingException(
                "Topic '%s' was made, and %s does not show it; try again"
                        .formatted(topic, link.settings.shown()));
    }

    /** The topics of a subscription when it opens: the one that it names is made. */
    Map<String, Integer> open(TopicPattern pattern) {
        if (!pattern.isPattern()) {
            String topic = pattern.toString();
            return new TreeMap<>(Map.of(names.toKafka(topic), ensure(topic)));
        }
        return matching(pattern);
    }

    /** All partitions of these topics, in a list. */
    static List<TopicPartition> listed(Map<String, Integer> topics) {
        return new ArrayList<>(partitions(topics));
    }
}
