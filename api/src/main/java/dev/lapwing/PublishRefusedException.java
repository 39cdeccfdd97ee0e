// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** A message was refused by the broker: it is not stored. */
public final class PublishRefusedException extends PublishException {
    private static final long serialVersionUID = 1L;

    private final boolean retriable;

    /**
     * An error with the broker's reason.
     *
     * @param retriable whether the same message may be taken later
     */
    public PublishRefusedException(String message, boolean retriable) {
        super(message);
        this.retriable = retriable;
    }

    /** Whether the same message may be taken later: full, blocked, busy. */
    public boolean isRetriable() {
        return retriable;
    }
}
