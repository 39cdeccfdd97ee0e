// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** Answers requests. */
@FunctionalInterface
public interface ReplyHandler {
    /**
     * Handles one request, on a virtual thread.
     *
     * @return the text of the reply
     * @throws Exception to have the request tried again
     */
    String reply(Delivery request) throws Exception;
}
