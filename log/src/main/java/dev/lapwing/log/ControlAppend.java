// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/** A {@link ControlRecord} on its way into the control stream. Takes effect when it is stored. */
final class ControlAppend extends Append {
    final ControlRecord record;
    final LogStream target;
    private final Runnable effect;
    private final byte[] bytes;

    ControlAppend(LogStream control, ControlRecord record, LogStream target, Runnable effect) {
        super(control);
        this.record = record;
        this.target = target;
        this.effect = effect;
        this.bytes = record.encode();
        this.size = bytes.length;
    }

    @Override
    protected int encodedSize() {
        return bytes.length;
    }

    @Override
    protected void encodeTo(ByteBuffer buffer) {
        buffer.put(bytes);
    }

    @Override
    protected void stored(long position) {
        effect.run();
    }

    @Override
    protected void failed(LogFailure failure) {
        target.controlFailed(record);
    }
}
