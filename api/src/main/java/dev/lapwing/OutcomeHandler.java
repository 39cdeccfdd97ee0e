// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** Handles deliveries and says what becomes of each. */
@FunctionalInterface
public interface OutcomeHandler {
    /**
     * Handles one delivery, on a virtual thread; it may block.
     *
     * @throws Exception to have the message tried again
     */
    Outcome handle(Delivery delivery) throws Exception;
}
