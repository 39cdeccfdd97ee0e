// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.ReceiverRequest;

import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.RetriableException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;

/**
 * One share group as the broker keeps it: its settings, and where it begins. A new group is given
 * both before its first member joins, so that it misses nothing from then on; partitions that
 * appear later it reads from their beginning. Its methods wait for the broker.
 */
final class KafkaShareGroup {

    private static final String LOCK = "share.record.lock.duration.ms";
    private static final String LIMIT = "share.delivery.count.limit";
    private static final int STANDARD_LOCK_MILLIS = 30_000;
    private static final int STANDARD_LIMIT = 5;
    private static final long TRY_AGAIN_NANOS = 20_000_000;
    private static final int MOST_TRIES = 250;

    private final KafkaLink link;
    private final KafkaTopics topics;
    private final ReceiverRequest request;
    private final String name;
    private final ConfigResource resource;
    private volatile long lockNanos = Duration.ofMillis(STANDARD_LOCK_MILLIS).toNanos();
    private volatile int limit = STANDARD_LIMIT;

    KafkaShareGroup(KafkaLink link, KafkaTopics topics, ReceiverRequest request) {
        this.link = link;
        this.topics = topics;
        this.request = request;
        name = KafkaShareNames.name(request.group().orElseThrow(), request.topics());
        resource = new ConfigResource(ConfigResource.Type.GROUP, name);
    }

    /** Its name at the broker. */
    String name() {
        return name;
    }

    /** How long the broker leaves a record with a member that does not renew it. */
    long lockNanos() {
        return lockNanos;
    }

    /**
     * The delivery at which a record goes to the dead letters untried: the one before the last that
     * the broker allows, because behind the last it drops the record and tells nobody.
     */
    int lastDelivery() {
        return Math.max(2, limit - 1);
    }

    /** Makes the group, if it is new, and reads how the broker treats it. */
    void open(Map<String, Integer> found) {
        if (!link.hasFeature("share.version", 1)) {
            throw new UnsupportedCapabilityException(
                    KafkaProvider.NAME,
                    dev.lapwing.Capability.GROUPS,
                    "groups=share needs Kafka 4.2 or newer with the feature share.version switched"
                            + " on; leave groups=share out to use consumer groups");
        }
        if (!isThere()) {
            configure(request.lease());
            if (!found.isEmpty()) {
                begin(KafkaTopics.partitions(found));
            }
        }
        Config config = describe(resource);
        lockNanos = Duration.ofMillis(number(config, LOCK, STANDARD_LOCK_MILLIS)).toNanos();
        limit = number(config, LIMIT, STANDARD_LIMIT);
    }

    private boolean isThere() {
        try {
            return link
                    .admin
                    .listShareGroupOffsets(Map.of(name, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(name)
                    .get()
                    .keySet()
                    .stream()
                    .anyMatch(id -> request.topics().matches(topics.names().toTopic(id.topic())));
        } catch (ExecutionException e) {
            if (KafkaErrors.cause(e) instanceof GroupIdNotFoundException) {
                return false;
            }
            throw link.errors.told(
                    KafkaErrors.cause(e), "reading the offsets of group '" + name + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw link.errors.told(e, "reading the offsets of group '" + name + "'");
        }
    }

    private void configure(Duration lease) {
        String node =
                link.errors
                        .get(link.admin.describeCluster().nodes(), "asking for the nodes")
                        .iterator()
                        .next()
                        .idString();
        Config broker = describe(new ConfigResource(ConfigResource.Type.BROKER, node));
        long lock =
                Math.clamp(
                        lease.toMillis(),
                        number(broker, "group.share.min.record.lock.duration.ms", 15_000),
                        number(broker, "group.share.max.record.lock.duration.ms", 60_000));
        int most = number(broker, "group.share.max.delivery.count.limit", 10);
        link.errors.get(
                link.admin
                        .incrementalAlterConfigs(
                                Map.of(
                                        resource,
                                        List.of(
                                                set("share.auto.offset.reset", "earliest"),
                                                set("share.isolation.level", "read_committed"),
                                                set(LOCK, String.valueOf(lock)),
                                                set(LIMIT, String.valueOf(most)))))
                        .all(),
                "setting up group '" + name + "'");
    }

    private static AlterConfigOp set(String key, String value) {
        return new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
    }

    private Config describe(ConfigResource what) {
        return link.errors
                .get(
                        link.admin.describeConfigs(Set.of(what)).all(),
                        "reading the settings of group '" + name + "'")
                .getOrDefault(what, new Config(List.of()));
    }

    private static int number(Config config, String key, int standard) {
        ConfigEntry entry = config.get(key);
        return entry == null || entry.value() == null ? standard : Integer.parseInt(entry.value());
    }

    /** The coordinator hears of a new topic a moment later, and makes its own topic at first. */
    private void begin(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> offsets =
                new KafkaStarts(link).offsets(request.start(), partitions);
        for (int tries = 1; ; tries++) {
            try {
                link.admin.alterShareGroupOffsets(name, offsets).all().get();
                return;
            } catch (ExecutionException e) {
                Throwable cause = KafkaErrors.cause(e);
                if (cause instanceof GroupNotEmptyException) {
                    if (isThere()) {
                        return;
                    }
                    throw new LapwingException(
                            "Share group '%s' has members and no place in '%s', so that it cannot be given a beginning there; subscribe while it has no members"
                                    .formatted(name, request.topics()),
                            cause);
                }
                if (tries == MOST_TRIES
                        || !(cause instanceof RetriableException
                                || cause instanceof CoordinatorNotAvailableException)) {
                    throw link.errors.told(cause, "making group '" + name + "'");
                }
                LockSupport.parkNanos(TRY_AGAIN_NANOS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw link.errors.told(e, "making group '" + name + "'");
            }
        }
    }
}
