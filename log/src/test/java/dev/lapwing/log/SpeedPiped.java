// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;

/** An append that gives a permit back when it is stored. */
final class SpeedPiped extends Append {
    private final byte[] bytes;
    private final Semaphore permits;

    SpeedPiped(LogStream stream, byte[] bytes, Semaphore permits) {
        super(stream);
        this.bytes = bytes;
        this.permits = permits;
    }

    @Override
    protected int encodedSize() {
        return bytes.length;
    }

    @Override
    protected void encodeTo(ByteBuffer target) {
        target.put(bytes);
    }

    @Override
    protected void stored(long position) {
        permits.release();
    }

    @Override
    protected void failed(LogFailure failure) {
        throw new IllegalStateException(failure.message());
    }
}
