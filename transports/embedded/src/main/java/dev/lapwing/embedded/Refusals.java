// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.PublishResult;
import dev.lapwing.log.Admission;
import dev.lapwing.log.LogFailure;

/** What the log's refusals and failures mean to a publisher. */
final class Refusals {
    static final String POISONED =
            "A write to the log failed before, so that nothing more can be promised; restart the"
                    + " process, and look at the disk if it happens again";

    private Refusals() {}

    static PublishResult of(Admission admission) {
        return switch (admission) {
            case ACCEPTED -> throw new IllegalArgumentException("accepted is no refusal");
            case BACKLOG_FULL ->
                    new PublishResult.Refused(
                            "Too many messages wait for the disk; publish again in a moment", true);
            case DISK_FULL -> diskFull();
            case POISONED -> new PublishResult.Refused(POISONED, false);
            case CLOSED -> new PublishResult.Refused("The log is closed", false);
        };
    }

    static PublishResult of(LogFailure failure) {
        return switch (failure.kind()) {
            case DISK_FULL -> diskFull();
            case STREAM_DROPPED ->
                    new PublishResult.Refused(
                            "The topic was deleted while this was published; publishing again makes"
                                    + " it anew",
                            true);
            case POISONED -> new PublishResult.Refused(POISONED, false);
            case CLOSED -> new PublishResult.Refused("The log is closed", false);
            case NOT_ENCODED -> new PublishResult.Refused(failure.message(), false);
            case UNKNOWN -> new PublishResult.Unknown(failure.message());
        };
    }

    private static PublishResult diskFull() {
        return new PublishResult.Refused(
                "The disk is full: nothing can be stored until there is room again; free some, or"
                        + " set retention-bytes or retention-age",
                true);
    }
}
