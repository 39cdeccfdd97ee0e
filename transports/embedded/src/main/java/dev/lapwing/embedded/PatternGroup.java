// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.TopicPattern;

/** A group that subscribed to a pattern: it belongs to every topic that matches. */
record PatternGroup(TopicPattern pattern, String group) {}
