// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** Nobody listens where a request went: it was not handled, and no reply will come. */
public final class NoReplierException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public NoReplierException(String message) {
        super(message);
    }
}
