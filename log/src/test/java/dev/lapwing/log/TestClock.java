// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** Clocks that go when they are told to. */
final class TestClock implements LogClock {
    volatile long wall = 1_700_000_000_000L;
    volatile long nanos = 12_345;

    void advance(long millis) {
        wall += millis;
        nanos += millis * 1_000_000;
    }

    @Override
    public long wallMillis() {
        return wall;
    }

    @Override
    public long nanoTime() {
        return nanos;
    }
}
