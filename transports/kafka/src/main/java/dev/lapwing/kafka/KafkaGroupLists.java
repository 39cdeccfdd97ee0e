// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration.GroupInfo;

import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The groups of a topic, of one kind. Its methods wait for the broker. */
interface KafkaGroupLists {

    /** The groups that have a place in these partitions, in the order of names. */
    List<GroupInfo> of(Map<TopicPartition, Long> firsts, Map<TopicPartition, Long> ends);

    /** The first offset that a group has not settled, in each of these partitions. */
    Map<TopicPartition, Long> floors(String group, Set<TopicPartition> partitions);

    /** Takes the group's place in these partitions away, and the group if it has no other. */
    void delete(String group, Set<TopicPartition> partitions);
}
