// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.TopicPattern;

import java.util.StringJoiner;

/** How topics and patterns look on the wire. */
final class ZeromqNames {
    private ZeromqNames() {}

    /**
     * What all topics begin with that match: the words before the first wildcard. ZeroMQ filters by
     * this, byte by byte; more comes through than matches, and is filtered once more on arrival.
     */
    static String prefix(TopicPattern topics) {
        if (!topics.isPattern()) {
            return topics.toString();
        }
        var words = new StringJoiner(".", "", ".");
        words.setEmptyValue("");
        for (String word : topics.words()) {
            if (word.equals("*") || word.equals(">")) {
                break;
            }
            words.add(word);
        }
        return words.toString();
    }
}
