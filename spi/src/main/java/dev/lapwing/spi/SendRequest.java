// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

/** A message to send, and where its result goes. */
public interface SendRequest {

    /**
     * The message. Its topic and limits are checked. It has an id, if the transport has {@code
     * STORED_CONFIRMATION} and not {@code ASSIGNED_IDS}; otherwise only one that a user gave.
     */
    Message message();

    /** Takes the result, once. Returns at once: it may be called on the transport's only thread. */
    void complete(PublishResult result);
}
