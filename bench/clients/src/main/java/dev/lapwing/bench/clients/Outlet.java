// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/** Publishes to one topic. Used by one thread. */
interface Outlet extends AutoCloseable {
    /** Hands over one message, after it has entered the window. */
    void publish(byte[] payload) throws Exception;

    /** Sends what was collected; called before the publisher waits. */
    default void flush() {}
}
