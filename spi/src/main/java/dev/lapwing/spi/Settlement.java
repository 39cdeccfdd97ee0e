// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.time.Duration;

/** What becomes of deliveries. The transport's capabilities say which of these it takes. */
public sealed interface Settlement {

    /** Handled: never to come again. With {@link SettleUnit#FLOOR}, and so is all before it. */
    record Ack() implements Settlement {}

    /**
     * To be delivered again, to any member of the group. {@code GIVE_BACK}; with a pause above zero
     * {@code GIVE_BACK_LATER}.
     *
     * @param pause how long from now, zero or more
     * @param failed whether the attempt counts: false for what was never handed to a handler
     */
    record GiveBack(Duration pause, boolean failed) implements Settlement {}

    /**
     * To the broker's own dead letters, where {@code DEAD_LETTERS} is native.
     *
     * @param reason why, in words for people
     */
    record Reject(String reason) implements Settlement {}

    /**
     * Still at work: the lease begins anew. {@code EXTEND_LEASE}.
     *
     * @param lease how long from now
     */
    record Extend(Duration lease) implements Settlement {}
}
