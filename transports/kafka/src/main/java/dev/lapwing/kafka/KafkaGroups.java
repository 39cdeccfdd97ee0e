// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** What the broker knows of one consumer group. */
final class KafkaGroups {

    private final KafkaLink link;
    private final String group;

    KafkaGroups(KafkaLink link, String group) {
        this.link = link;
        this.group = group;
    }

    /** The partitions for which the group has an offset; none if there is no such group. */
    Set<TopicPartition> committed() {
        try {
            return link.admin
                    .listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .keySet();
        } catch (ExecutionException e) {
            if (KafkaErrors.cause(e) instanceof GroupIdNotFoundException) {
                return Set.of();
            }
            throw link.errors.told(
                    KafkaErrors.cause(e), "reading the offsets of group '" + group + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw link.errors.told(e, "reading the offsets of group '" + group + "'");
        }
    }

    /** A look at whether the group is at rest, which goes on between polls. */
    Rest rest() {
        return new Rest();
    }

    /** Asks the broker again and again, without waiting for its answers. */
    final class Rest {
        private @Nullable KafkaFuture<ConsumerGroupDescription> asked;

        /** Whether the group is at rest, and this member has what the broker says it has. */
        boolean has(Consumer<?, ?> member) {
            if (asked == null) {
                asked = ask();
                return false;
            }
            if (!asked.isDone()) {
                return false;
            }
            ConsumerGroupDescription answer = answer(asked);
            asked = ask();
            return answer != null
                    && answer.groupState() == GroupState.STABLE
                    && answer.members().stream()
                            .anyMatch(each ->
                                    each.consumerId().equals(member.groupMetadata().memberId())
                                            && each.assignment()
                                                    .topicPartitions()
                                                    .equals(member.assignment()));
        }

        private KafkaFuture<ConsumerGroupDescription> ask() {
            return link.admin
                    .describeConsumerGroups(List.of(group))
                    .all()
                    .thenApply(groups -> groups.get(group));
        }

        private static @Nullable ConsumerGroupDescription answer(
                KafkaFuture<ConsumerGroupDescription> done) {
            try {
                return done.get();
            } catch (ExecutionException | InterruptedException e) {
                return null;
            }
        }
    }
}
