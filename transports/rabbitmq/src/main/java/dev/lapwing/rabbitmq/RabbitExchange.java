// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import java.util.Map;

/**
 * The exchange of a connection.
 *
 * @param name its name; empty for the default exchange
 * @param type topic, direct, fanout or headers
 * @param match the arguments of bindings, for a headers exchange
 */
record RabbitExchange(String name, String type, Map<String, Object> match) {

    /** Whether a topic is the name of a queue. */
    boolean isDefault() {
        return name.isEmpty();
    }

    /** Whether bindings know wildcards. */
    boolean hasPatterns() {
        return !isDefault() && type.equals("topic");
    }

    /** Whether routing keys decide nothing, so that topics are not told apart. */
    boolean ignoresTopics() {
        return type.equals("fanout") || type.equals("headers");
    }

    /** Whether RabbitMQ made it: nobody can declare it. */
    boolean isPredeclared() {
        return isDefault() || name.startsWith("amq.");
    }
}
