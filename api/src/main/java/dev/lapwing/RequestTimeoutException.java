// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** No reply came in time; the request may have been handled. */
public final class RequestTimeoutException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public RequestTimeoutException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public RequestTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
