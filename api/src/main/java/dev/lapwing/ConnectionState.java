// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Instant;

/** The state of the link to the broker. */
public sealed interface ConnectionState {

    /** The first connection is being made. */
    record Connecting() implements ConnectionState {}

    /** The link is up, and everything declared on it is in force. */
    record Connected() implements ConnectionState {}

    /**
     * The link is down and is being made again by itself.
     *
     * @param since when it was lost
     * @param reason why, in words for people
     * @param nextTry when the next attempt begins
     */
    record Reconnecting(Instant since, String reason, Instant nextTry) implements ConnectionState {}

    /**
     * The link is down for good.
     *
     * @param reason why, in words for people
     */
    record Closed(String reason) implements ConnectionState {}
}
