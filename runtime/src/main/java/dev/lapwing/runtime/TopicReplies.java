// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.Delivery;
import dev.lapwing.LapwingException;
import dev.lapwing.Subscription;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.ReservedNames;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Transport;

import java.lang.System.Logger.Level;
import java.util.List;

/** Replies over a topic that only one connection reads, where the broker has no way of its own. */
final class TopicReplies implements Replies {
    private static final System.Logger LOG = System.getLogger(TopicReplies.class.getName());

    private final Connection connection;
    private final Transport transport;
    private final ReplyListener listener;
    private final String topic;
    private final Subscription subscription;

    /** Opens the topic of this name, which nobody else has. */
    TopicReplies(Connection connection, Transport transport, ReplyListener listener, String name) {
        this.connection = connection;
        this.transport = transport;
        this.listener = listener;
        topic = ReservedNames.REPLIES + name;
        subscription = connection.subscribe(topic).handle(this::take);
    }

    private void take(Delivery delivery) {
        listener.reply(delivery.message().correlationId().orElse(""), delivery.message());
    }

    @Override
    public String address() {
        return topic;
    }

    @Override
    public void answer(SendRequest reply) {
        transport.sender().send(List.of(reply));
    }

    /** Whether this is the subscription that reads the topic. */
    boolean uses(Subscription other) {
        return subscription == other;
    }

    @Override
    public void close() {
        subscription.close();
        if (connection.capabilities().isNative(Capability.ADMINISTRATION)) {
            try {
                connection.administration().deleteTopic(topic);
            } catch (LapwingException e) {
                LOG.log(Level.DEBUG, "The reply topic is not deleted", e);
            }
        }
    }
}
