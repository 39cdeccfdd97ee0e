// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A subscriber that reads all the time. It does not stand on the JDK's own WebSocket, which in JDK
 * 25 loses bytes that come right behind the answer to its handshake.
 */
final class TestSubscriber implements AutoCloseable {
    record Event(boolean text, byte[] bytes) {
        String string() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    record Closed(int code, String reason) {
        /** What to give as from when connecting again. */
        String resumeFrom() {
            return reason.substring(reason.lastIndexOf(' ') + 1);
        }
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    private final RawClient client;

    private TestSubscriber(RawClient client) {
        this.client = client;
        Thread.ofVirtual().name("test-subscriber").start(this::read);
    }

    /** Subscribes; fails with the answer of a server that refuses it. */
    static TestSubscriber open(int port, String topicAndQuery) {
        try {
            RawClient client = new RawClient(port).upgrade(topicAndQuery);
            client.socket().setSoTimeout(0);
            return new TestSubscriber(client);
        } catch (IOException e) {
            throw new AssertionError("could not subscribe to " + topicAndQuery, e);
        }
    }

    private void read() {
        try {
            while (!closed.isDone()) {
                RawClient.Frame frame = client.frame();
                switch (frame.opcode()) {
                    case FrameReader.PING -> client.sendFrame(0x8A, frame.payload());
                    case FrameReader.CLOSE -> {
                        closed.complete(new Closed(frame.closeCode(), frame.closeReason()));
                        client.sendFrame(0x88, frame.payload());
                    }
                    case 1, 2 -> events.add(new Event(frame.opcode() == 1, frame.payload()));
                    default -> throw new IOException("a frame with opcode " + frame.opcode());
                }
            }
        } catch (IOException e) {
            closed.completeExceptionally(e);
        }
    }

    Event next() throws InterruptedException {
        Event event = events.poll(20, TimeUnit.SECONDS);
        if (event == null) {
            throw new AssertionError("no event in time; closed: " + closed.getNow(null));
        }
        return event;
    }

    List<String> next(int count) throws InterruptedException {
        var texts = new ArrayList<String>();
        while (texts.size() < count) {
            texts.add(next().string());
        }
        return texts;
    }

    /** The texts that are here now. */
    List<String> drain() {
        var all = new ArrayList<Event>();
        events.drainTo(all);
        return all.stream().map(Event::string).toList();
    }

    Closed closed() {
        return closed.orTimeout(20, TimeUnit.SECONDS).join();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            throw new AssertionError("could not close", e);
        }
    }
}
