// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import sun.misc.Signal;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * Ctrl-C and SIGTERM: the first one ends a command in order, a second one ends the process at once.
 * A shutdown hook could not tell the second.
 */
final class StopSignals {
    private StopSignals() {}

    /**
     * Listens until the process ends.
     *
     * @param stop called once, on a thread of its own, with the exit code that shells expect (128
     *     and the number of the signal)
     */
    static void onFirst(IntConsumer stop) {
        var first = new AtomicInteger();
        for (String name : List.of("INT", "TERM")) {
            Signal.handle(
                    new Signal(name),
                    signal -> {
                        int code = 128 + signal.getNumber();
                        if (first.compareAndSet(0, code)) {
                            stop.accept(code);
                        } else {
                            Runtime.getRuntime().halt(code);
                        }
                    });
        }
    }
}
