// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.TopicPattern;

/**
 * Names of share groups. A share group can be given a beginning only while it has no members, and
 * Lapwing's groups are each of one topic; so each is a share group of its own, {@code group~topic}.
 */
final class KafkaShareNames {

    private static final char BETWEEN = '~';

    private KafkaShareNames() {}

    static String name(String group, TopicPattern topics) {
        return group + BETWEEN + topics;
    }

    /** The group of a share group's name; a foreign one is its own. */
    static String group(String name) {
        int at = name.indexOf(BETWEEN);
        return at < 0 ? name : name.substring(0, at);
    }
}
