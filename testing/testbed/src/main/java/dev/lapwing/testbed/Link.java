// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** One connection through a proxy: two sockets, and two threads for each direction. */
final class Link {

    private static final int CHUNK_BYTES = 64 * 1024;

    /** What is under way at most in one direction, as in the buffers of a network. */
    private static final int UNDER_WAY_BYTES = 8 * CHUNK_BYTES;

    private static final long LOOK_MILLIS = 100;

    /** Some bytes and when they may pass; none for the end of a direction. */
    private record Chunk(byte[] bytes, long due) {}

    private final Socket client;
    private final Socket server;
    private final Weather weather;
    private final Consumer<Link> whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean deafClient = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger(2);

    Link(Socket client, Socket server, Weather weather, Consumer<Link> whenClosed) {
        this.client = client;
        this.server = server;
        this.weather = weather;
        this.whenClosed = whenClosed;
    }

    void start() {
        carry(client, server, true);
        carry(server, client, false);
    }

    /** The client reads an end; what it sends still arrives, and what the server sends is lost. */
    void endToClient() {
        deafClient.set(true);
        endOutput(client);
    }

    void close() {
        if (closed.compareAndSet(false, true)) {
            LinkProxy.close(client);
            LinkProxy.close(server);
            whenClosed.accept(this);
        }
    }

    private void carry(Socket from, Socket to, boolean toServer) {
        BlockingQueue<Chunk> chunks = new LinkedBlockingQueue<>();
        Semaphore room = new Semaphore(UNDER_WAY_BYTES);
        Thread.ofVirtual().start(() -> guarded(() -> readAll(from, chunks, room)));
        Thread.ofVirtual().start(() -> guarded(() -> writeAll(chunks, room, to, toServer)));
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            close(); // one end is gone, so is the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }

    private void readAll(Socket from, BlockingQueue<Chunk> chunks, Semaphore room)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[CHUNK_BYTES];
        int length;
        do {
            weather.awaitThaw();
            length = from.getInputStream().read(bytes);
            byte[] read = Arrays.copyOf(bytes, Math.max(0, length));
            while (!room.tryAcquire(read.length, LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (closed.get()) {
                    return;
                }
            }
            chunks.add(new Chunk(read, weather.due()));
        } while (length >= 0);
    }

    private void writeAll(BlockingQueue<Chunk> chunks, Semaphore room, Socket to, boolean toServer)
            throws IOException, InterruptedException {
        while (!closed.get()) {
            Chunk chunk = chunks.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (chunk == null) {
                continue;
            }
            weather.awaitPassage(chunk.due());
            if (chunk.bytes().length == 0) {
                endOutput(to);
                if (open.decrementAndGet() == 0) {
                    close();
                }
                return;
            }
            write(chunk, to, toServer);
            room.release(chunk.bytes().length);
        }
    }

    private void write(Chunk chunk, Socket to, boolean toServer)
            throws IOException, InterruptedException {
        if (!toServer && deafClient.get()) {
            return;
        }
        OutputStream out = to.getOutputStream();
        byte[] bytes = chunk.bytes();
        for (int start = 0; start < bytes.length && !closed.get(); ) {
            int portion = weather.portion(bytes.length - start);
            weather.awaitTransmission(portion);
            weather.awaitPassage(chunk.due());
            int passed = toServer ? weather.takeBeforeCut(portion) : portion;
            out.write(bytes, start, passed);
            start += passed;
            if (toServer) {
                weather.cutIfDue();
            }
        }
    }

    private static void endOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // It is closed altogether.
        }
    }
}
