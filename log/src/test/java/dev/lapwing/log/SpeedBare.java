// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Append and force, nothing else: a ring of one preallocated file. */
final class SpeedBare implements AutoCloseable {
    private static final long FILE = 256L * 1024 * 1024;

    private final FileChannel channel;
    private final AtomicReference<Node> head = new AtomicReference<>();
    private final Thread writer;
    private volatile boolean closing;
    private volatile boolean parked;

    SpeedBare(Path path) throws IOException {
        channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var zeros = ByteBuffer.allocateDirect(1024 * 1024);
        for (long at = 0; at < FILE; at += zeros.capacity()) {
            channel.write(zeros.clear(), at);
        }
        channel.force(true);
        writer = Thread.ofPlatform().start(this::write);
    }

    Node node(int size) {
        return new Node(new byte[size], null);
    }

    Node node(int size, Semaphore permits) {
        return new Node(new byte[size], permits);
    }

    void push(Node node) {
        Node before;
        do {
            before = head.get();
            node.next = before;
        } while (!head.compareAndSet(before, node));
        if (before == null && parked) {
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        try {
            var buffer = ByteBuffer.allocateDirect(8 * 1024 * 1024);
            long at = 0;
            while (!closing) {
                var batch = head.getAndSet(null);
                if (batch == null) {
                    parked = true;
                    if (head.get() == null && !closing) {
                        LockSupport.park();
                    }
                    parked = false;
                    continue;
                }
                Node oldest = null;
                while (batch != null) {
                    var older = batch.next;
                    batch.next = oldest;
                    oldest = batch;
                    batch = older;
                }
                buffer.clear();
                for (var node = oldest; node != null; node = node.next) {
                    buffer.putInt(node.bytes.length).put(node.bytes);
                }
                buffer.flip();
                if (at + buffer.remaining() > FILE) {
                    at = 0;
                }
                at += channel.write(buffer, at);
                channel.force(false);
                for (var node = oldest; node != null; node = node.next) {
                    node.finish();
                }
            }
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() throws Exception {
        closing = true;
        LockSupport.unpark(writer);
        writer.join();
        channel.close();
    }

    static final class Node implements SpeedWaiting {
        private final byte[] bytes;
        private final Semaphore permits;
        private Node next;
        private Thread owner;
        private volatile boolean done;

        Node(byte[] bytes, Semaphore permits) {
            this.bytes = bytes;
            this.permits = permits;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public void owner(Thread thread) {
            owner = thread;
        }

        void finish() {
            done = true;
            if (permits != null) {
                permits.release();
            } else {
                LockSupport.unpark(owner);
            }
        }
    }
}
