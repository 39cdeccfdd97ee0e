// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;
import java.util.Optional;

/** Topics and groups of a broker, for tools and people. Safe for use by many threads. */
public interface Administration {

    /** Every topic, in the order of names; those that Lapwing keeps for itself included. */
    List<TopicInfo> topics();

    /** The topic of this name, if there is one; those that Lapwing keeps for itself included. */
    default Optional<TopicInfo> topic(String name) {
        return topics().stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    /** Every group of a topic, in the order of names; empty for a topic that does not exist. */
    List<GroupInfo> groups(String topic);

    /**
     * Messages of a topic without consuming them.
     *
     * @param start where to begin; {@link StartAt#now()} gives nothing
     * @param limit how many at the most, from 1 to 10,000
     */
    List<Peeked> peek(String topic, StartAt start, int limit);

    /**
     * The messages that a group has not settled, oldest first, without consuming them.
     *
     * @param limit how many at the most, from 1 to 10,000
     */
    List<Peeked> peekPending(String topic, String group, int limit);

    /**
     * Removes the messages that a topic has now.
     *
     * @return how many were removed
     */
    long purge(String topic);

    /** Removes a topic with its messages and groups; does nothing if there is none. */
    void deleteTopic(String topic);

    /** Removes a group of a topic; does nothing if there is none. */
    void deleteGroup(String topic, String group);

    /**
     * A topic.
     *
     * @param name its name
     * @param messages how many messages it holds; -1 where it cannot be told
     * @param bytes how many bytes they take; -1 where it cannot be told
     * @param first the position of its oldest message, if it has one
     * @param last the position of its newest message, if it has one
     */
    record TopicInfo(
            String name,
            long messages,
            long bytes,
            Optional<Position> first,
            Optional<Position> last) {}

    /**
     * A group of a topic.
     *
     * @param name its name
     * @param lag how many messages it has not settled; -1 where it cannot be told
     * @param inFlight how many of these are with a consumer now; -1 where it cannot be told
     * @param members how many consumers it has now; -1 where it cannot be told
     */
    record GroupInfo(String name, long lag, long inFlight, int members) {}

    /** A message seen without consuming it, and where it stands. */
    record Peeked(Message message, Optional<Position> position) {}
}
