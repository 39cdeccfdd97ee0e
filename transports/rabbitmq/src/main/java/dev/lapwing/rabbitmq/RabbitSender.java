// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.Message;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Publishes on the channels of the link; requests go over the channel that hears the replies. */
final class RabbitSender implements Sender {
    private final RabbitLanes lanes;
    private final RabbitNames names;
    private volatile @Nullable RabbitReplies replies;

    RabbitSender(RabbitLanes lanes) {
        this.lanes = lanes;
        this.names = lanes.topology().names();
    }

    /** From now on requests go this way. */
    void use(RabbitReplies way) {
        replies = way;
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        var run = new Run();
        for (SendRequest request : batch) {
            RabbitOutgoing message =
                    RabbitOutgoing.of(request, names.exchange(request.message().topic()));
            if (message != null) {
                run.add(request.message(), message);
            }
        }
        run.end();
    }

    /** Messages that follow each other and go the same way are sent together. */
    private final class Run {
        private List<RabbitOutgoing> messages = new ArrayList<>();
        private @Nullable String topic;
        private @Nullable RabbitReplies way;

        void add(Message message, RabbitOutgoing outgoing) {
            RabbitReplies forReplies = way(message);
            if (!message.topic().equals(topic) || forReplies != way) {
                end();
                topic = message.topic();
                way = forReplies;
            }
            messages.add(outgoing);
        }

        void end() {
            if (topic == null || messages.isEmpty()) {
                return;
            }
            List<RabbitOutgoing> batch = messages;
            messages = new ArrayList<>();
            RabbitLane lane = way != null ? way.lane() : lanes.laneOf(topic);
            RabbitPreparation preparation = lanes.preparation(topic);
            if (preparation == null || !preparation.takes(batch, lane)) {
                lane.send(batch);
            }
        }
    }

    private @Nullable RabbitReplies way(Message message) {
        RabbitReplies known = replies;
        return known != null && message.replyTo().filter(RabbitReplies.ADDRESS::equals).isPresent()
                ? known
                : null;
    }
}
