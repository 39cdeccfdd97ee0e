// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.spring;

import org.springframework.amqp.rabbit.connection.CorrelationData;
import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

import java.io.IOException;

/** Correlated confirms, as the binder's documentation prefers them; persistent and mandatory. */
final class RabbitBinder implements Binder {

    @Override
    public String[] properties(String uri, String topic) {
        String producer = "spring.cloud.stream.rabbit.bindings.out.producer.";
        return new String[] {
            "spring.cloud.stream.default-binder=rabbit",
            "spring.rabbitmq.addresses=" + uri,
            "spring.rabbitmq.publisher-confirm-type=correlated",
            "spring.rabbitmq.publisher-returns=true",
            "spring.rabbitmq.template.mandatory=true",
            "spring.cloud.stream.bindings.out.destination=amq.topic",
            producer + "declare-exchange=false",
            producer + "routing-key=" + topic,
            producer + "use-confirm-header=true",
        };
    }

    @Override
    public Message<byte[]> message(byte[] payload, InFlight inFlight) {
        var correlation = new CorrelationData();
        correlation
                .getFuture()
                .whenComplete((confirm, failure) -> {
                    if (failure != null) {
                        StreamBridgeLoad.fail(failure);
                    } else if (!confirm.ack()) {
                        StreamBridgeLoad.fail(new IOException("nack: " + confirm.reason()));
                    }
                    inFlight.leave();
                });
        return MessageBuilder.withPayload(payload)
                .setHeader(AmqpHeaders.PUBLISH_CONFIRM_CORRELATION, correlation)
                .build();
    }
}
