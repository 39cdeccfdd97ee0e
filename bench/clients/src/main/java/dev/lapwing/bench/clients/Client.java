// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/**
 * One side's way to a broker: the broker's own client, or Lapwing. Opened for one run and closed
 * after it; used by one thread.
 */
interface Client extends AutoCloseable {

    /** Sees every payload; called by one thread at a time. */
    interface Handler {
        void handle(byte[] payload);
    }

    /** Opens what publishes to the topic; each confirmed message leaves the window. */
    Outlet publisher(String topic, Window window) throws Exception;

    /**
     * Begins to consume as a member of the group, from the earliest message where the broker keeps
     * them; every message is acknowledged after the handler has seen it. Closing waits for the
     * acknowledgements.
     */
    AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler)
            throws Exception;
}
