// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * One send under way, and its end. The producer calls it back on its own thread, or on the caller's
 * before {@code send} returns if it cannot take the message.
 */
final class KafkaSend implements Callback {

    private final KafkaLane lane;
    private final SendRequest request;

    /**
     * Who is in the producer's {@code send} with it; only that thread's answer means "not taken".
     */
    @Nullable Thread offering;

    /** Whether the producer has no room or does not know the topic; then nothing is told. */
    boolean notTaken;

    KafkaSend(KafkaLane lane, SendRequest request) {
        this.lane = lane;
        this.request = request;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
        if (failure == null && metadata != null) {
            request.complete(new StoredAt(request, metadata));
        } else if (failure instanceof TimeoutException && offering == Thread.currentThread()) {
            notTaken = true;
        } else {
            Exception cause = failure == null ? new IllegalStateException("no metadata") : failure;
            lane.ended(failure);
            request.complete(lane.result(cause));
        }
    }

    /** A stored message; makes its position when it is asked for. */
    private record StoredAt(SendRequest request, RecordMetadata metadata)
            implements PublishResult.Stored {
        @Override
        public String id() {
            return request.message()
                    .id()
                    .orElseGet(() ->
                            metadata.hasOffset()
                                    ? KafkaMessages.placeId(
                                            metadata.topic(),
                                            metadata.partition(),
                                            metadata.offset())
                                    : "");
        }

        @Override
        public Optional<Position> position() {
            return metadata.hasOffset()
                    ? Optional.of(KafkaPosition.single(metadata.partition(), metadata.offset()))
                    : Optional.empty();
        }

        @Override
        public boolean duplicate() {
            return false;
        }
    }
}
