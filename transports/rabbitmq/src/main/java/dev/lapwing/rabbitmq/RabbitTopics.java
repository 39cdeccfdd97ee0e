// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Envelope;

import dev.lapwing.TopicPattern;

/** The topics of one receiver: which topic a delivery is of, and whether it is wanted. */
final class RabbitTopics {
    private final TopicPattern wanted;
    private final String text;
    private final String exchange;
    private final boolean ignoresTopics;

    RabbitTopics(RabbitSettings settings, RabbitNames names, TopicPattern wanted) {
        this.wanted = wanted;
        this.text = wanted.toString();
        this.exchange = names.exchange(text);
        this.ignoresTopics = settings.exchange().ignoresTopics();
    }

    /**
     * The topic of a delivery: its routing key if it came over our exchange, or if there is a
     * pattern; else what was subscribed to, for somebody has put it straight into the queue.
     */
    String topic(Envelope envelope) {
        String key = envelope.getRoutingKey();
        if (key.equals(text)) {
            return text;
        }
        boolean ours = envelope.getExchange().equals(exchange) && !exchange.isEmpty();
        return (ours || wanted.isPattern()) && !key.isEmpty() ? key : text;
    }

    /** Whether a queue can have what is not wanted: by foreign bindings, or by a first wildcard. */
    boolean filters() {
        return wanted.isPattern() && !ignoresTopics;
    }

    /** Whether a topic is wanted: a wildcard at the beginning passes Lapwing's own topics by. */
    boolean matches(String topic) {
        return wanted.matches(topic);
    }
}
