// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A subscriber as a program would write it with the JDK's own WebSocket. */
final class TestSubscriber implements WebSocket.Listener, AutoCloseable {
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
    private final StringBuilder text = new StringBuilder();
    private final java.io.ByteArrayOutputStream binary = new java.io.ByteArrayOutputStream();
    private WebSocket socket;

    static TestSubscriber open(HttpClient http, int port, String topicAndQuery) {
        return openAsync(http, port, topicAndQuery).orTimeout(20, TimeUnit.SECONDS).join();
    }

    static CompletableFuture<TestSubscriber> openAsync(
            HttpClient http, int port, String topicAndQuery) {
        var subscriber = new TestSubscriber();
        return http.newWebSocketBuilder()
                .connectTimeout(Duration.ofSeconds(60))
                .buildAsync(
                        URI.create("ws://127.0.0.1:" + port + "/subscribe/" + topicAndQuery),
                        subscriber)
                .thenApply(socket -> {
                    subscriber.socket = socket;
                    return subscriber;
                });
    }

    WebSocket socket() {
        return socket;
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
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            events.add(new Event(true, text.toString().getBytes(StandardCharsets.UTF_8)));
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        binary.writeBytes(bytes);
        if (last) {
            events.add(new Event(false, binary.toByteArray()));
            binary.reset();
        }
        from.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(new Closed(code, reason));
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
