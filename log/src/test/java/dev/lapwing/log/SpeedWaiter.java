// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** An append that one thread waits for. */
final class SpeedWaiter implements SpeedWaiting {
    private final Inner inner;

    SpeedWaiter(LogStream stream, int size) {
        inner = new Inner(stream, new byte[size]);
    }

    Append append() {
        return inner;
    }

    @Override
    public boolean isDone() {
        return inner.done;
    }

    @Override
    public void owner(Thread thread) {
        inner.owner = thread;
    }

    private static final class Inner extends Append {
        private final byte[] bytes;
        private volatile boolean done;
        private Thread owner;

        Inner(LogStream stream, byte[] bytes) {
            super(stream);
            this.bytes = bytes;
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
            done = true;
            LockSupport.unpark(owner);
        }

        @Override
        protected void failed(LogFailure failure) {
            throw new IllegalStateException(failure.message());
        }
    }
}
