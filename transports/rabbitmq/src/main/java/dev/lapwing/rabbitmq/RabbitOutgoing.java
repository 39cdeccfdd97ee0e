// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Optional;

/** A message on its way to an exchange. */
final class RabbitOutgoing {
    private final SendRequest request;
    private final String exchange;
    private final String routingKey;
    private final BasicProperties properties;
    private final byte[] body;

    /** Set and read by the connection's reading thread alone: the broker sent it back. */
    private boolean returned;

    private RabbitOutgoing(
            SendRequest request, Message message, String exchange, String routingKey) {
        this.request = request;
        this.exchange = exchange;
        this.routingKey = routingKey;
        this.properties = RabbitMessages.properties(message);
        this.body = message.payload();
    }

    /** A message to an exchange; null if it cannot be written, which the request has been told. */
    static @Nullable RabbitOutgoing of(SendRequest request, String exchange) {
        Message message = request.message();
        if (!RabbitMessages.fits(message.topic())) {
            request.complete(
                    new PublishResult.Refused(
                            "a routing key may have 255 bytes, and '%s…' has more"
                                    .formatted(message.topic().substring(0, 40)),
                            false));
            return null;
        }
        return new RabbitOutgoing(request, message, exchange, message.topic());
    }

    String exchange() {
        return exchange;
    }

    String routingKey() {
        return routingKey;
    }

    BasicProperties properties() {
        return properties;
    }

    byte[] body() {
        return body;
    }

    /**
     * Whether it comes back when no queue takes it. RabbitMQ hands a direct reply to a channel and
     * to no queue, and would call every one of them unroutable.
     */
    boolean isMandatory() {
        return !routingKey.startsWith(RabbitReplies.ADDRESS);
    }

    boolean is(String otherExchange, String otherKey, @Nullable String otherId) {
        return !returned
                && routingKey.equals(otherKey)
                && exchange.equals(otherExchange)
                && Objects.equals(properties.getMessageId(), otherId);
    }

    void sentBack() {
        returned = true;
    }

    /** The broker has confirmed it: it is in every queue that it was routed to, or in none. */
    void confirmed() {
        if (returned) {
            end(
                    new PublishResult.Refused(
                            exchange.isEmpty()
                                    ? "there is no queue '%s'; subscribe to it first"
                                            .formatted(routingKey)
                                    : "no queue on exchange '%s' takes topic '%s'; subscribe a group to it first, whose queue then keeps what is published"
                                            .formatted(exchange, routingKey),
                            false));
        } else {
            String id = properties.getMessageId();
            end(PublishResult.stored(id == null ? "" : id, Optional.empty(), false));
        }
    }

    void refused(String reason, boolean retriable) {
        end(new PublishResult.Refused(reason, retriable));
    }

    void unknown(String reason) {
        end(new PublishResult.Unknown(reason));
    }

    private void end(PublishResult result) {
        request.complete(result);
    }
}
