// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/** A broker's own client, used as its documentation says to for speed. */
interface RawClient extends Client {

    /** Removes what the topic keeps, where that would get in the way of the next run. */
    default void purge(String topic) throws Exception {}

    /** Removes the topic with everything that it kept. */
    default void remove(String topic) throws Exception {}

    /** How many messages of the topic the group has not acknowledged. */
    default long unsettled(String topic, String group) throws Exception {
        return 0;
    }
}
