// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Headers;
import dev.lapwing.Message;

/** The path of {@code POST /produce/{topic}} with everything about a message but its payload. */
final class ProducePath {

    private final StringBuilder path = new StringBuilder("/produce/");
    private char separator = '?';

    private ProducePath(Message message) {
        path.append(ServerAddress.encode(message.topic()));
        message.id().ifPresent(id -> add("id", id));
        message.key().ifPresent(key -> add("key", key));
        message.timeToLive().ifPresent(time -> add("ttl", time.toMillis() + "ms"));
        message.deliverAfter().ifPresent(time -> add("delay", time.toMillis() + "ms"));
        message.priority().ifPresent(priority -> add("priority", priority.toString()));
        message.replyTo().ifPresent(topic -> add("reply_to", topic));
        message.correlationId().ifPresent(mark -> add("correlation_id", mark));
        for (Headers.Header header : message.headers()) {
            add("header." + header.name(), header.text());
        }
    }

    static String of(Message message) {
        return new ProducePath(message).path.toString();
    }

    private void add(String name, String value) {
        path.append(separator)
                .append(ServerAddress.encode(name))
                .append('=')
                .append(ServerAddress.encode(value));
        separator = '&';
    }
}
