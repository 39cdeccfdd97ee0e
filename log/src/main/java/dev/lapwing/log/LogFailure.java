// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.Optional;

/**
 * Why an accepted append was not stored.
 *
 * @param kind what the caller may conclude
 * @param message what happened and what to do next
 * @param cause the error underneath, if there was one
 */
public record LogFailure(Kind kind, String message, Optional<Throwable> cause) {
    /** What the caller may conclude from a failure. */
    public enum Kind {
        /** Not stored: there is no room on the disk. Trying again later may help. */
        DISK_FULL,

        /** Not stored: the stream was dropped. */
        STREAM_DROPPED,

        /** Not stored: the log was poisoned by an earlier failure. Open it again. */
        POISONED,

        /** Not stored: the log was closed before the writer came to it. */
        CLOSED,

        /** Not stored: encoding it failed. The other appends of the batch are not affected. */
        NOT_ENCODED,

        /** Written, but not confirmed: it may or may not be there when the log is opened again. */
        UNKNOWN
    }

    static LogFailure of(Kind kind, String message) {
        return new LogFailure(kind, message, Optional.empty());
    }

    static LogFailure of(Kind kind, String message, Throwable cause) {
        return new LogFailure(kind, message, Optional.of(cause));
    }
}
