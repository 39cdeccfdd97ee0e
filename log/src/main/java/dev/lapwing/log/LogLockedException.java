// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** Thrown when the directory of a log is in use by another log of this or another process. */
public final class LogLockedException extends LogException {
    private static final long serialVersionUID = 1;

    private final String place;

    /** An exception for the place that is in use. */
    public LogLockedException(String place) {
        super(
                place
                        + " is in use by another process, or twice in this one; stop the other one,"
                        + " or choose another directory");
        this.place = place;
    }

    /** The place that is in use. */
    public String place() {
        return place;
    }
}
