// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** Handles deliveries: returning accepts, throwing asks for a retry and then a dead letter. */
@FunctionalInterface
public interface MessageHandler {
    /**
     * Handles one delivery, on a virtual thread; it may block. When the delivery is lost meanwhile,
     * the thread is interrupted.
     *
     * @throws Exception to have the message tried again
     */
    void handle(Delivery delivery) throws Exception;
}
