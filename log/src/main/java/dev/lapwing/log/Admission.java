// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** What became of handing an append to the log. Only {@link #ACCEPTED} leads to a call back. */
public enum Admission {
    /** The append waits for the writer, which will call {@code stored} or {@code failed} once. */
    ACCEPTED,

    /** Too many bytes wait for the writer; try again after some of them were stored. */
    BACKLOG_FULL,

    /**
     * The disk is full; records of the owner's state are still accepted while the reserve lasts.
     */
    DISK_FULL,

    /** An earlier write failed for good; nothing is accepted until the log is opened again. */
    POISONED,

    /** The log is closed, or closing. */
    CLOSED
}
