// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;

/**
 * Handles many deliveries at once: settle each that needs it; when the call returns, those left
 * open are accepted; when it throws, those left open are tried again.
 */
@FunctionalInterface
public interface BatchHandler {
    /**
     * Handles a batch, on a virtual thread; it may block.
     *
     * @param batch at least one delivery, in the order of the topic
     * @throws Exception to have the deliveries that are still open tried again
     */
    void handle(List<Delivery> batch) throws Exception;
}
