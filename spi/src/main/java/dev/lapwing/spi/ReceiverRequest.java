// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

import java.time.Duration;
import java.util.Optional;

/**
 * What a receiver shall deliver.
 *
 * @param topics a topic or a pattern
 * @param group the group to join, one without memory where {@code COMPETING_CONSUMERS} is native
 *     and {@code GROUPS} is not; empty for a receiver of its own that remembers nothing
 * @param start where a new group, or a receiver without a group, begins
 * @param lease how long a delivery stays with this receiver without a sign of life
 * @param credit the most credit that the runtime will have granted at any time, for sizing buffers
 */
public record ReceiverRequest(
        TopicPattern topics, Optional<String> group, StartAt start, Duration lease, int credit) {}
