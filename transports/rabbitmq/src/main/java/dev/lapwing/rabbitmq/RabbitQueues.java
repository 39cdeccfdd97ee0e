// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import java.util.Map;
import java.util.Optional;

/**
 * What the queues of groups are like.
 *
 * @param name the name of the one queue, if it is not made of topic and group
 * @param quorum whether they are quorum queues
 * @param durable whether they survive a restart
 * @param exclusive whether they belong to one connection
 * @param autoDelete whether they go with their last consumer
 * @param arguments their arguments, without the type
 */
record RabbitQueues(
        Optional<String> name,
        boolean quorum,
        boolean durable,
        boolean exclusive,
        boolean autoDelete,
        Map<String, Object> arguments) {

    /** Whether rejected messages go to an exchange of the broker. */
    boolean hasDeadLetterExchange() {
        return arguments.containsKey("x-dead-letter-exchange");
    }

    /** Whether urgent messages overtake others. */
    boolean hasPriorities() {
        return arguments.containsKey("x-max-priority");
    }
}
