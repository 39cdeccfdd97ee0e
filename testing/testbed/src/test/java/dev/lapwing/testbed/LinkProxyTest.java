// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Links to a Redis server, which answers each {@code PING} by {@code +PONG}. */
class LinkProxyTest {

    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PONG_BYTES = "+PONG\r\n".length();
    private static final int PATIENCE_MILLIS = 30_000;

    private final LinkProxy proxy = RedisServer.shared().proxy();

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void uriNamesTheProxy() {
        assertThat(proxy.uri()).isEqualTo("redis://127.0.0.1:" + proxy.port());
        assertThat(proxy.uri("redis://localhost:PORT/3"))
                .isEqualTo("redis://localhost:" + proxy.port() + "/3");
    }

    @Test
    void cutLinksEndAndNewOnesAreRefusedUntilHealed() throws IOException {
        for (int turn = 0; turn < 20; turn++) {
            try (Socket socket = connect()) {
                assertAnswers(socket);
                proxy.cut();
                assertEnded(socket);
                assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
                // The link of the turn before may be closing on a thread of its own.
                await().until(() -> proxy.links() == 0);
            }
            proxy.heal();
            try (Socket socket = connect()) {
                assertAnswers(socket);
            }
        }
    }

    @Test
    void frozenLinkPassesWhatWaitedWhenThawed() throws IOException {
        try (Socket socket = connect()) {
            assertAnswers(socket);
            proxy.freeze();
            socket.getOutputStream().write(PING);
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class);
            proxy.thaw();
            assertPong(socket);
        }
    }

    @Test
    void delayedLinkTakesItsTimeBothWays() throws IOException {
        try (Socket socket = connect()) {
            assertAnswers(socket);
            proxy.delay(Duration.ofMillis(150));
            long start = System.nanoTime();
            assertAnswers(socket);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void throttledLinkPassesSoManyBytesASecond() throws IOException {
        try (Socket socket = connect()) {
            assertAnswers(socket);
            proxy.throttle(1000);
            long start = System.nanoTime();
            for (int i = 0; i < 50; i++) {
                socket.getOutputStream().write(PING);
            }
            for (int i = 0; i < 50; i++) {
                assertPong(socket);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(300));
        }
    }

    @Test
    void halfClosedLinkEndsForTheClientAlone() throws IOException {
        try (Socket socket = connect();
                Socket direct = new Socket("127.0.0.1", RedisServer.shared().port())) {
            assertAnswers(socket);
            proxy.halfClose();
            assertEnded(socket);

            String key = "half-closed-" + proxy.port();
            socket.getOutputStream().write(line("SET " + key + " arrived"));
            await().until(() -> {
                direct.setSoTimeout(PATIENCE_MILLIS);
                direct.getOutputStream().write(line("EXISTS " + key));
                return new String(direct.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)
                        .equals(":1\r\n");
            });
        }
    }

    @Test
    void linkIsCutAfterSoManyBytes() throws IOException {
        try (Socket socket = connect()) {
            assertAnswers(socket);
            proxy.cutAfter(PING.length + 1);
            socket.getOutputStream().write(PING);
            assertPong(socket);
            socket.getOutputStream().write(PING);
            assertEnded(socket);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void clientWhoseServerIsGoneIsTold() throws IOException {
        try (RedisServer server = RedisServer.start();
                LinkProxy own = server.proxy();
                Socket socket = new Socket("127.0.0.1", own.port())) {
            assertAnswers(socket);
            server.kill();
            assertEnded(socket);
        }
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", proxy.port());
    }

    private static byte[] line(String command) {
        return (command + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static void assertAnswers(Socket socket) throws IOException {
        socket.getOutputStream().write(PING);
        assertPong(socket);
    }

    private static void assertPong(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        byte[] answer = socket.getInputStream().readNBytes(PONG_BYTES);
        assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("+PONG\r\n");
    }

    private static void assertEnded(Socket socket) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }
}
