// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that a group gave up on.
 *
 * @param message the message as it was published, with its own headers
 * @param topic the topic it was read from
 * @param group the group that gave up; "-" for a subscription without a group
 * @param reason why, in words for people: what was thrown, or the reason of the reject
 * @param attempts how often it was tried
 * @param failedAt when the last attempt failed
 * @param position where it stood in its topic, where that is known
 */
public record DeadLetter(
        Message message,
        String topic,
        String group,
        String reason,
        int attempts,
        Instant failedAt,
        Optional<Position> position) {}
