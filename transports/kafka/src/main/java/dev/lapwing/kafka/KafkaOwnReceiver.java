// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A receiver without a group: reads every partition by itself and remembers nothing. */
final class KafkaOwnReceiver extends KafkaReceiver {

    KafkaOwnReceiver(
            KafkaLink link,
            KafkaTopics topics,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<byte[], byte[]> consumer,
            java.util.function.Consumer<KafkaWatched> ended) {
        super(link, topics, request, listener, consumer, ended);
    }

    @Override
    void open() {
        add(topics.open(request.topics()), request.start());
    }

    @Override
    void found(Map<String, Integer> found) {
        add(found, StartAt.earliest());
    }

    private void add(Map<String, Integer> found, StartAt start) {
        var more = new HashSet<>(KafkaTopics.partitions(found));
        more.removeAll(held.owned.keySet());
        Map<TopicPartition, Long> offsets = starts.offsets(start, more);
        if (offsets.isEmpty()) {
            return;
        }
        offsets.forEach(held::own);
        consumer.assign(held.owned.keySet());
        offsets.forEach(consumer::seek);
        hold(offsets.keySet());
    }

    @Override
    boolean isReading() {
        return !held.owned.isEmpty();
    }

    @Override
    void begin(Collection<TopicPartition> partitions) {
        starts.offsets(StartAt.earliest(), partitions).forEach(consumer::seek);
    }

    @Override
    boolean flush(boolean pollsOn) {
        return false;
    }

    @Override
    void leave() {}

    @Override
    void left() {}

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(
                isClosing()
                        ? new SettleReport(true, List.copyOf(deliveries))
                        : SettleReport.allConfirmed());
    }
}
