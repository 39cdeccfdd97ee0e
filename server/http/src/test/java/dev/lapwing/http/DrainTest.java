// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Lapwing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

@ExtendWith(LeakGuard.class)
class DrainTest {
    @TempDir Path directory;

    @Test
    void subscribersAreToldWhereToResume() throws Exception {
        try (Lapwing lapwing = Lapwing.connect("embedded:" + directory)) {
            String resumeSeen;
            String resumeNothing;
            String resumeOld;
            lapwing.publish("old", "before");
            try (var server = TestServer.over(lapwing, UnaryOperator.identity());
                    var seen = server.subscribe("t");
                    var nothing = server.subscribe("empty");
                    var old = server.subscribe("old")) {
                server.publish("t", "1");
                assertThat(seen.next().string()).isEqualTo("1");

                assertThat(server.server().drain(Duration.ofSeconds(20))).isTrue();

                assertThat(seen.closed().code()).isEqualTo(CloseCode.GOING_AWAY);
                assertThat(seen.closed().reason()).startsWith("shutdown; resume after ");
                assertThat(nothing.closed().reason()).isEqualTo("shutdown; resume from earliest");
                assertThat(old.closed().reason()).startsWith("shutdown; resume after ");
                resumeSeen = seen.closed().resumeFrom();
                resumeNothing = nothing.closed().resumeFrom();
                resumeOld = old.closed().resumeFrom();
            }
            for (String topic : List.of("t", "empty", "old")) {
                lapwing.publish(topic, "while it was down");
            }
            try (var server = TestServer.over(lapwing, UnaryOperator.identity());
                    var seen = server.subscribe("t?from=" + resumeSeen);
                    var nothing = server.subscribe("empty?from=" + resumeNothing);
                    var old = server.subscribe("old?from=" + resumeOld)) {
                assertThat(seen.next().string()).isEqualTo("while it was down");
                assertThat(nothing.next().string()).isEqualTo("while it was down");
                assertThat(old.next().string()).isEqualTo("while it was down");
            }
        }
    }

    @Test
    void bareSubscribersMissNothingOverManyRestarts() throws Exception {
        int events = 3000;
        var published = new AtomicInteger();
        try (Lapwing lapwing = Lapwing.connect("embedded:" + directory);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> publisher =
                    threads.submit(() -> {
                        for (; published.get() < events; published.incrementAndGet()) {
                            lapwing.publish("t", Integer.toString(published.get()));
                        }
                    });
            var seen = new ArrayList<String>();
            String from = "earliest";
            while (seen.size() < events) {
                try (var server = TestServer.over(lapwing, UnaryOperator.identity());
                        var subscriber = server.subscribe("t?from=" + from)) {
                    seen.addAll(subscriber.next(Math.min(400, events - seen.size())));
                    server.server().drain(Duration.ofSeconds(20));
                    from = subscriber.closed().resumeFrom();
                    seen.addAll(subscriber.drain());
                }
            }
            publisher.get();

            assertThat(seen)
                    .isEqualTo(IntStream.range(0, events).mapToObj(Integer::toString).toList());
        }
    }

    @Test
    void requestsInFlightAreAnsweredAndNothingIsLost() throws Exception {
        try (Lapwing lapwing = Lapwing.connect("embedded:" + directory)) {
            var stored = new AtomicInteger();
            try (var server = TestServer.over(lapwing, UnaryOperator.identity());
                    var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                var started = new CompletableFuture<Void>();
                var clients = new ArrayList<Future<?>>();
                for (int client = 0; client < 8; client++) {
                    clients.add(threads.submit(() -> produceUntilRefused(server, stored, started)));
                }
                started.join();

                assertThat(server.server().drain(Duration.ofSeconds(20))).isTrue();

                for (Future<?> client : clients) {
                    client.get();
                }
            }
            assertThat(lapwing.administration().topic("t").orElseThrow().messages())
                    .isEqualTo(stored.get());
        }
    }

    /** Every request gets a whole answer or a clean end, never a cut one. */
    private static Void produceUntilRefused(
            TestServer server, AtomicInteger stored, CompletableFuture<Void> started)
            throws IOException {
        try (RawClient client = server.raw()) {
            while (true) {
                client.send("POST /produce/t HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
                RawClient.Reply reply = client.reply();
                assertThat(reply.status()).isEqualTo(200);
                if (stored.incrementAndGet() > 500) {
                    started.complete(null);
                }
                if (reply.header("connection").equals("close")) {
                    assertThat(client.isEnded()).isTrue();
                    return null;
                }
            }
        } catch (java.io.EOFException | java.net.SocketException closedWhileIdle) {
            return null;
        }
    }

    @Test
    void clientThatDoesNotAnswerTheCloseIsNotWaitedForLongerThanAllowed() throws Exception {
        try (var server = TestServer.start();
                var client = server.raw().upgrade("t")) {
            assertThat(server.server().drain(Duration.ofMillis(200))).isFalse();

            assertThat(client.frame().closeCode()).isEqualTo(CloseCode.GOING_AWAY);
        }
    }

    @Test
    void drainedServerAcceptsNobodyAndDrainsOnce() throws Exception {
        try (var server = TestServer.start()) {
            int port = server.port();
            assertThat(server.server().drain(Duration.ZERO)).isTrue();
            assertThat(server.server().drain(Duration.ZERO)).isTrue();

            assertThatThrownBy(() -> new RawClient(port)).isInstanceOf(IOException.class);
        }
    }
}
