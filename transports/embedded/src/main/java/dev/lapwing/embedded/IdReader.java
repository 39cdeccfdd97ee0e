// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.Damage;
import dev.lapwing.log.RecordConsumer;

import java.nio.ByteBuffer;

/** Reads records while the engine opens; what is damaged is told when it is delivered. */
record IdReader(Target target) implements RecordConsumer {

    /** Takes one record. */
    interface Target {
        void record(long position, ByteBuffer bytes);
    }

    @Override
    public void record(long position, long wallMillis, ByteBuffer bytes) {
        target.record(position, bytes);
    }

    @Override
    public void damaged(Damage damage) {}
}
