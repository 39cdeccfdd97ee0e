// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** The state that a log is in. */
public enum LogStatus {
    /** Everything is accepted. */
    RUNNING,

    /**
     * There is no room on the disk: reads and small records of the owner's state go on, other
     * appends are refused. The log leaves this state by itself when there is room again.
     */
    DISK_FULL,

    /**
     * A write or a force failed: reads go on, nothing is accepted until the log is opened again.
     */
    POISONED,

    /** Closed. */
    CLOSED
}
