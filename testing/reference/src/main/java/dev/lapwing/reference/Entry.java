// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Message;

import java.time.Instant;

/**
 * A message in a topic.
 *
 * @param partition the number of its partition, from 0 up
 * @param offset its number in the broker: it grows with every message of any topic
 */
record Entry(Message message, int partition, long offset) {

    boolean isOutOfDate(Instant now) {
        return message.timeToLive()
                .map(life -> !message.timestamp().plus(life).isAfter(now))
                .orElse(false);
    }

    int priority() {
        return message.priority().orElse(4);
    }
}
