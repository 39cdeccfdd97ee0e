// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.ArrayDeque;

/** The read windows that no reader holds at the moment. Safe for use by many threads. */
final class Windows {
    private static final int MAX_KEPT = 16;

    private final int bytes;
    private final ArrayDeque<Window> free = new ArrayDeque<>();

    Windows(int bytes) {
        this.bytes = bytes;
    }

    Window take() {
        synchronized (free) {
            var window = free.pollLast();
            return window == null ? new Window(bytes) : window;
        }
    }

    void giveBack(Window window) {
        window.clear();
        synchronized (free) {
            if (free.size() < MAX_KEPT && window.capacity() == bytes) {
                free.addLast(window);
            }
        }
    }
}
