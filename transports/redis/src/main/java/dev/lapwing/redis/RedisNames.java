// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.InvalidTopicException;
import dev.lapwing.TopicName;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * How topics are called on the server: exactly as they are, behind the prefix of the connection.
 *
 * @param prefix what stands before every topic; may be empty
 */
record RedisNames(String prefix) {
    /** The consumer that holds what was given back until another takes it. */
    static final String RELEASED = "lapwing-released";

    /** How the consumers of Lapwing begin. */
    static final String CONSUMER = "lapwing-";

    private static final String SEEN = "lapwing-seen:";

    /** The key or channel of a topic. */
    byte[] key(String topic) {
        return bytes(prefix.isEmpty() ? topic : prefix + topic);
    }

    /** The key that remembers an id of a topic. */
    byte[] seen(String topic, String id) {
        return bytes(SEEN + prefix + topic + ":" + id);
    }

    /** The topic of a key; empty for one that cannot be a topic of this connection. */
    Optional<String> topic(byte[] key) {
        String name = new String(key, StandardCharsets.UTF_8);
        if (!name.startsWith(prefix)) {
            return Optional.empty();
        }
        try {
            return Optional.of(TopicName.check(name.substring(prefix.length())));
        } catch (InvalidTopicException foreign) {
            return Optional.empty();
        }
    }

    /** Text that stands for itself in a glob of the server. */
    static String escaped(String text) {
        var escaped = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if ("*?[]^-\\".indexOf(c) >= 0) {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
