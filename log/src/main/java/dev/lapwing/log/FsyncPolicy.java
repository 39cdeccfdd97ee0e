// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** When an append counts as stored. */
public enum FsyncPolicy {
    /** After its bytes were forced to the device. Loses nothing that was stored. */
    ALWAYS,

    /**
     * After its bytes were handed to the operating system, which is asked to force them at every
     * interval. A crash of the process loses nothing; a crash of the machine loses what was stored
     * since the last interval, and its positions are given out again.
     */
    EVERY_INTERVAL_MAY_LOSE_RECENT,

    /**
     * After its bytes were handed to the operating system, which writes them when it likes. A crash
     * of the process loses nothing; a crash of the machine may lose anything of the newest segment,
     * and its positions are given out again.
     */
    NEVER_MAY_LOSE_ANY
}
