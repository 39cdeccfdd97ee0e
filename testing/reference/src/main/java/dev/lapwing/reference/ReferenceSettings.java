// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capability;
import dev.lapwing.spi.SettleUnit;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a reference broker is like. Immutable; each {@code with} method gives a changed copy.
 *
 * @param settleUnit what one settlement moves
 * @param partitions how many partitions each topic has; more than one only with {@link
 *     SettleUnit#FLOOR}
 * @param without capabilities that it shall not have; its behaviour follows. Without {@code REPLAY}
 *     it keeps nothing that nobody has subscribed to
 * @param ownReplies whether it has a way of its own for replies
 * @param time what drives delays and leases
 */
public record ReferenceSettings(
        SettleUnit settleUnit,
        int partitions,
        Set<Capability> without,
        boolean ownReplies,
        BrokerTime time) {

    /** Copies the set and checks the partitions. */
    public ReferenceSettings {
        without = Set.copyOf(without);
        if (partitions < 1 || (partitions > 1 && settleUnit != SettleUnit.FLOOR)) {
            throw new IllegalArgumentException(
                    "partitions is %d with SettleUnit.%s; it must be 1, or more with FLOOR"
                            .formatted(partitions, settleUnit));
        }
    }

    /** Each message is settled by itself, and everything that can be native is. */
    public static ReferenceSettings perMessage() {
        return new ReferenceSettings(SettleUnit.MESSAGE, 1, Set.of(), false, BrokerTime.real());
    }

    /** Only floors move, as in Kafka. */
    public static ReferenceSettings floors(int partitions) {
        return new ReferenceSettings(
                SettleUnit.FLOOR, partitions, Set.of(), false, BrokerTime.real());
    }

    /** Nothing is settled or remembered, as in plain publish and subscribe. */
    public static ReferenceSettings unsettled() {
        return new ReferenceSettings(SettleUnit.NONE, 1, Set.of(), false, BrokerTime.real());
    }

    /** Queues without history, as in RabbitMQ: acks are not confirmed, replies go their own way. */
    public static ReferenceSettings queues() {
        return perMessage()
                .without(
                        Capability.REPLAY,
                        Capability.REPLAY_FROM_POSITION,
                        Capability.REPLAY_FROM_TIME,
                        Capability.COMPARABLE_POSITIONS,
                        Capability.DEDUPLICATION,
                        Capability.DELAY,
                        Capability.CONFIRMED_ACK,
                        Capability.GIVE_BACK_LATER,
                        Capability.EXTEND_LEASE,
                        Capability.COUNTS_ATTEMPTS)
                .withOwnReplies();
    }

    /** A copy that has a way of its own for replies. */
    public ReferenceSettings withOwnReplies() {
        return new ReferenceSettings(settleUnit, partitions, without, true, time);
    }

    /** A copy that lacks these capabilities too. */
    public ReferenceSettings without(Capability... capabilities) {
        var lacking = EnumSet.noneOf(Capability.class);
        lacking.addAll(without);
        lacking.addAll(Set.of(capabilities));
        return new ReferenceSettings(settleUnit, partitions, lacking, ownReplies, time);
    }

    /** A copy with another source of time. */
    public ReferenceSettings withTime(BrokerTime source) {
        return new ReferenceSettings(settleUnit, partitions, without, ownReplies, source);
    }
}
