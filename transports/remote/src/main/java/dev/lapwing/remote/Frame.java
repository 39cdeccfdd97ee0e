// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

/** What the server sends to a subscriber. */
sealed interface Frame {

    /** An event of a topic. */
    record Event(RemoteReceived received) implements Frame {}

    /** Messages are missing. */
    record Missing(dev.lapwing.Gap gap) implements Frame {}
}
