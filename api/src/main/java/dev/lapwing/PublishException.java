// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A message is not known to be stored. */
public abstract class PublishException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public PublishException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public PublishException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
