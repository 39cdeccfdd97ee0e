// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.util.List;

/** Sends messages. Safe for use by many threads. */
public interface Sender {

    /**
     * Hands messages over to be sent, in this order, and returns without waiting for the broker.
     * Every request is completed exactly once, on any thread, however the send ends; messages of
     * one call to one topic are stored in order.
     *
     * <p>Never throws for a broker's reason: that is a result.
     */
    void send(List<? extends SendRequest> batch);
}
