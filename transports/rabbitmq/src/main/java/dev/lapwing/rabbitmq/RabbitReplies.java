// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;

import java.io.IOException;
import java.time.Clock;
import java.util.List;

/**
 * Direct reply-to: RabbitMQ hands a reply straight to the channel that published the request, so
 * that requests and replies share one channel. A reply goes to the default exchange with the
 * request's reply-to as its routing key, whoever made it.
 */
final class RabbitReplies implements Replies, RabbitLink.Resident {
    static final String ADDRESS = "amq.rabbitmq.reply-to";

    private final RabbitLink link;
    private final RabbitLanes lanes;
    private final ReplyListener listener;
    private final Clock clock;
    private final RabbitLane lane;

    /**
     * Opens the channel.
     *
     * @throws dev.lapwing.LapwingException if the broker refuses
     */
    RabbitReplies(RabbitLink link, RabbitLanes lanes, ReplyListener listener, Clock clock) {
        this.link = link;
        this.lanes = lanes;
        this.listener = listener;
        this.clock = clock;
        this.lane = new RabbitLane(link, lanes::isBlocked, this::hear, this::nobodyListens);
        link.with(
                "the way of replies",
                this,
                up -> {
                    lane.open(up);
                    return lane;
                });
        lanes.join(lane);
    }

    private void hear(Channel channel) throws IOException {
        channel.basicConsume(ADDRESS, true, new Ear(channel));
    }

    private void nobodyListens(RabbitOutgoing request) {
        String correlationId = request.properties().getCorrelationId();
        if (correlationId != null) {
            listener.nobodyListens(correlationId);
        }
    }

    /** Hears the replies, on the reading thread. */
    private final class Ear extends DefaultConsumer {
        Ear(Channel channel) {
            super(channel);
        }

        @Override
        public void handleDelivery(
                String tag, Envelope envelope, BasicProperties properties, byte[] body) {
            var reply =
                    new RabbitMessage(envelope.getRoutingKey(), properties, body, clock.millis());
            reply.correlationId().ifPresent(id -> listener.reply(id, reply));
        }
    }

    @Override
    public void restore(RabbitWires up) {}

    @Override
    public void restored(RabbitWires up) throws IOException {
        lane.open(up);
    }

    /** What requests are sent on: the channel that hears their replies. */
    RabbitLane lane() {
        return lane;
    }

    @Override
    public String address() {
        return ADDRESS;
    }

    @Override
    public void answer(SendRequest reply) {
        RabbitOutgoing message = RabbitOutgoing.of(reply, "");
        if (message != null) {
            lanes.laneOf(message.routingKey()).send(List.of(message));
        }
    }

    @Override
    public void close() {
        link.leave(this);
        lanes.leave(lane);
        lane.close();
    }
}
