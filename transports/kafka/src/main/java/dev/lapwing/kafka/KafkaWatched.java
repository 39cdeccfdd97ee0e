// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.spi.ReceiverRequest;

import java.util.Map;

/** A receiver that wants to know which of its topics are there. */
interface KafkaWatched extends AutoCloseable {

    ReceiverRequest request();

    /** Topics and partitions are there now; runs on any thread. */
    void look(Map<String, Integer> there);

    /** The topic is gone for good; runs on any thread. */
    void topicIsGone();

    @Override
    void close();
}
