// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import java.util.HashSet;
import java.util.Set;

/**
 * How a subscriber learns that its subscriptions are in force, with nothing but subscriptions: it
 * subscribes to a topic of its own behind the others, and a publisher of Lapwing that sees this
 * subscription sends an empty message to that topic. A connection keeps its order, so the publisher
 * has seen the others too.
 *
 * <p>A publisher does not answer while somebody has subscribed to everything: a foreign program
 * would get the answer and not know what it is.
 */
final class ZeromqJoin {

    /** How the topics of joining begin. */
    static final String TOPIC = "_join.";

    private final Set<String> coverings = new HashSet<>();

    /** Takes note of a subscription that a publisher sees. */
    void subscribed(String prefix) {
        if (TOPIC.startsWith(prefix)) {
            coverings.add(prefix);
        }
    }

    void unsubscribed(String prefix) {
        coverings.remove(prefix);
    }

    /** Whether an answer would reach the one who asks, and nobody else. */
    boolean mayAnswer() {
        return coverings.isEmpty();
    }

    static boolean isJoin(String topic) {
        return topic.startsWith(TOPIC);
    }
}
