// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** The two clocks of a log: the wall clock, which may jump, and one that only goes forward. */
public interface LogClock {
    /** Milliseconds since 1970-01-01T00:00Z by the wall clock. */
    long wallMillis();

    /** Nanoseconds since an arbitrary moment; never goes back while the process lives. */
    long nanoTime();

    /** The clocks of the system. */
    static LogClock system() {
        return SystemClock.INSTANCE;
    }

    /** The clocks of the system. */
    enum SystemClock implements LogClock {
        /** The only one. */
        INSTANCE;

        @Override
        public long wallMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
