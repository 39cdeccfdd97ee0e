// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A topic, queue or group exists on the broker with other settings than were asked for. */
public final class TopicConflictException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public TopicConflictException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public TopicConflictException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
