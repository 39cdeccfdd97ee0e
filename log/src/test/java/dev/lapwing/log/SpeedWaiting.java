// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** What one thread waits for. */
interface SpeedWaiting {
    boolean isDone();

    void owner(Thread thread);
}
