// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The state that a log is in, and how it changes. Safe for use by many threads. */
final class LogHealth {
    private static final Logger LOG = System.getLogger(Log.class.getName());

    private final String place;
    private final LogOwner owner;
    private volatile LogStatus status = LogStatus.RUNNING;
    private volatile @Nullable IOException poison;

    LogHealth(String place, LogOwner owner) {
        this.place = place;
        this.owner = owner;
    }

    LogStatus status() {
        return status;
    }

    boolean isPoisoned() {
        return status == LogStatus.POISONED;
    }

    /** Lets nothing more be written until the log is opened again. */
    synchronized void poison(IOException cause) {
        if (status == LogStatus.POISONED || status == LogStatus.CLOSED) {
            return;
        }
        poison = cause;
        LOG.log(Level.ERROR, poisonedMessage(), cause);
        change(LogStatus.POISONED);
    }

    String poisonedMessage() {
        return "%s: writing failed (%s), nothing more is accepted; check the disk, then open the log again"
                .formatted(place, poison);
    }

    synchronized void diskFull() {
        if (status == LogStatus.RUNNING) {
            LOG.log(Level.WARNING, place + ": no space left; appends are refused until there is");
            change(LogStatus.DISK_FULL);
        }
    }

    synchronized void roomAgain() {
        if (status == LogStatus.DISK_FULL) {
            LOG.log(Level.INFO, place + ": there is room again");
            change(LogStatus.RUNNING);
        }
    }

    synchronized void closed() {
        change(LogStatus.CLOSED);
    }

    private void change(LogStatus next) {
        status = next;
        owner.statusChanged(next);
    }
}
