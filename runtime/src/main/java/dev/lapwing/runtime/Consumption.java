// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.LapwingException;

import org.jspecify.annotations.Nullable;

/** Who takes the deliveries of a loop: handlers, a blocking stream, or a reactive subscriber. */
interface Consumption {

    /** So many workers more could be at work; returns at once. */
    void work(int more);

    /**
     * Whether a call of settle acts at once; otherwise its outcome acts when the handler returns.
     */
    boolean settlesAtOnce();

    /**
     * Whether this thread runs a handler of this loop, which therefore can not wait for its end.
     */
    boolean runs(Thread thread);

    /** The loop has ended: normally, or for this reason. */
    void ended(@Nullable LapwingException cause);
}
