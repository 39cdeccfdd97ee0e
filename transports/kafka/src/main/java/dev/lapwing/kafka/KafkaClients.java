// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.spi.ReceiverRequest;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.util.Map;

/** Makes consumers, each with the settings that its use needs. */
final class KafkaClients {

    private static final int MOST_RECORDS = 2_000;
    private static final int LONGEST_HEARTBEAT_MILLIS = 3_000;

    private final KafkaLink link;

    KafkaClients(KafkaLink link) {
        this.link = link;
    }

    /** A member of the group of a request. */
    Consumer<byte[], byte[]> member(ReceiverRequest request) {
        Map<String, Object> all = settings(request.credit());
        all.put("group.id", request.group().orElseThrow());
        all.put("max.poll.interval.ms", (int) link.settings.maxPollInterval().toMillis());
        if (usesNewProtocol()) {
            all.put("group.protocol", "consumer");
        } else {
            int session = (int) link.settings.sessionTimeout().toMillis();
            all.put("group.protocol", "classic");
            all.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
            all.put("session.timeout.ms", session);
            all.put(
                    "heartbeat.interval.ms",
                    Math.max(100, Math.min(session / 3, LONGEST_HEARTBEAT_MILLIS)));
        }
        return make(all);
    }

    private boolean usesNewProtocol() {
        return switch (link.settings.protocol()) {
            case AUTO -> link.hasFeature("group.version", 1);
            case CLASSIC -> false;
            case CONSUMER -> true;
        };
    }

    /** A member of a share group that takes at most so many records at once. */
    ShareConsumer<byte[], byte[]> shareMember(String group, int records) {
        Map<String, Object> all = link.settings.client();
        all.put("client.id", "lapwing-share");
        all.put("group.id", group);
        all.put("share.acknowledgement.mode", "explicit");
        all.put("share.acquire.mode", "record_limit");
        all.put("max.poll.records", records);
        all.put("max.poll.interval.ms", Integer.MAX_VALUE);
        all.put("fetch.max.wait.ms", 100);
        all.put("default.api.timeout.ms", 10_000);
        all.put("request.timeout.ms", 10_000);
        return new KafkaShareConsumer<>(
                all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A reader without a group. */
    Consumer<byte[], byte[]> reader(ReceiverRequest request) {
        return reader(request.credit());
    }

    /** A reader without a group that takes so many records at once. */
    Consumer<byte[], byte[]> reader(int records) {
        return make(settings(records));
    }

    private Map<String, Object> settings(int credit) {
        Map<String, Object> all = link.settings.client();
        all.put("client.id", "lapwing-consumer");
        all.put("enable.auto.commit", false);
        all.put("auto.offset.reset", "none");
        all.put("isolation.level", "read_committed");
        all.put("allow.auto.create.topics", false);
        all.put("max.poll.records", Math.clamp(credit, 1, MOST_RECORDS));
        all.put("default.api.timeout.ms", 10_000);
        all.put("request.timeout.ms", 10_000);
        return all;
    }

    private static Consumer<byte[], byte[]> make(Map<String, Object> settings) {
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
