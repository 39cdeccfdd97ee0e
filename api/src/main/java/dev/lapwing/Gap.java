// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Optional;

/**
 * Messages that are missing from a topic.
 *
 * @param topic where they are missing
 * @param after the last position before the gap; empty at the beginning of the topic
 * @param messages how many are missing; -1 where it cannot be told
 * @param reason why, in words for people
 */
public record Gap(String topic, Optional<Position> after, long messages, String reason) {}
