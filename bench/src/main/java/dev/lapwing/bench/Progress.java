// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.time.Duration;
import java.time.InstantSource;

/** Says on standard error what is being measured now; one line, rewritten on a terminal. */
final class Progress {
    private final boolean terminal;
    private final InstantSource clock;
    private final java.time.Instant start;

    Progress(boolean terminal, InstantSource clock) {
        this.terminal = terminal;
        this.clock = clock;
        this.start = clock.instant();
    }

    void step(String what) {
        Duration since = Duration.between(start, clock.instant());
        String line = "[%d:%02d] %s".formatted(since.toMinutes(), since.toSecondsPart(), what);
        System.err.print(terminal ? "\r\u001b[K" + line : line + "\n");
        System.err.flush();
    }

    /** Says something that stays. */
    void line(String what) {
        done();
        System.err.println(what);
    }

    void done() {
        if (terminal) {
            System.err.print("\r\u001b[K");
        }
    }
}
