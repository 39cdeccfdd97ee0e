// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Whatever bytes come, the server stays well, and nothing of it is left behind. */
@ExtendWith(LeakGuard.class)
class FuzzTest {
    private static final List<String> CORPUS =
            List.of(
                    "GET /health HTTP/1.1\r\nHost: x\r\n\r\n",
                    "POST /produce/t HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
                    "POST /produce/t HTTP/1.1\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 7\r\n\r\n\"hello\"",
                    "POST /produce/t HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "5\r\nhello\r\n0\r\n\r\n",
                    "POST /produce/%E8%AE%A2?key=%20&header.a=b HTTP/1.1\r\n"
                            + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
                    "GET /subscribe/t?from=earliest&format=json HTTP/1.1\r\nHost: x\r\n"
                            + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\n"
                            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                            + "\u0081\u0085\1\2\3\4hello\u0089\u0080\1\2\3\4\u0088\u0080\1\2\3\4",
                    "OPTIONS * HTTP/1.1\r\n\r\nGET /topics HTTP/1.0\r\n\r\n");

    private final long seed = Long.getLong("lapwing.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void serverOutlivesAnyBytes() throws Exception {
        int rounds = Integer.getInteger("lapwing.fuzz.rounds", 1500);
        try (var server =
                TestServer.start(options ->
                        options.withTimeouts(
                                options.timeouts()
                                        .withRequest(Duration.ofMillis(500), Duration.ofMillis(500))
                                        .withIdle(Duration.ofSeconds(1))
                                        .withClose(Duration.ofMillis(500))))) {
            for (int round = 0; round < rounds; round++) {
                attack(server.port());
            }
            assertThat(server.get("/health").statusCode()).as("seed %d", seed).isEqualTo(200);
            assertThat(server.produceText("t", "x").statusCode()).isEqualTo(200);
            HttpServer internals = server.server().internals();
            await().untilAsserted(() -> {
                assertThat(internals.connections()).as("seed %d", seed).isLessThanOrEqualTo(1);
                assertThat(internals.exchanges()).as("seed %d", seed).isZero();
            });
        }
    }

    private void attack(int port) throws IOException {
        try (var client = new RawClient(port)) {
            for (int part = 1 + random.nextInt(3); part > 0; part--) {
                client.send(mutated(CORPUS.get(random.nextInt(CORPUS.size()))));
            }
            if (random.nextBoolean()) {
                client.socket().shutdownOutput();
            } else if (random.nextBoolean()) {
                client.socket().setSoLinger(true, 0);
            }
        } catch (IOException closedByTheServer) {
            // It may end the connection as soon as it has read enough.
        }
    }

    private byte[] mutated(String text) {
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, at + 1);
                default -> {
                    byte[] longer = new byte[bytes.length + random.nextInt(300)];
                    random.nextBytes(longer);
                    System.arraycopy(bytes, 0, longer, 0, at);
                    System.arraycopy(
                            bytes,
                            at,
                            longer,
                            longer.length - bytes.length + at,
                            bytes.length - at);
                    bytes = longer;
                }
            }
        }
        return bytes;
    }
}
