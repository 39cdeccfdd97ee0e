// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.ConnectionFailedException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.Set;

@ExtendWith(LeakGuard.class)
class StartTest {

    @Test
    void serverListensOnLoopbackOnAPortOfItsOwn() throws Exception {
        try (var server = TestServer.start()) {
            assertThat(server.server().address().getAddress().isLoopbackAddress()).isTrue();
            assertThat(server.port()).isPositive();
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void portInUseIsNamed() {
        try (var server = TestServer.start()) {
            int port = server.port();

            assertThatThrownBy(() -> TestServer.start(options -> options.withPort(port)))
                    .isInstanceOf(AddressInUseException.class)
                    .hasMessageContaining(Integer.toString(port))
                    .hasMessageContaining("another port");
        }
    }

    @Test
    void publicAddressIsRefusedUntilItIsAllowed() throws Exception {
        assertThatThrownBy(() -> TestServer.start(options -> options.withHost("0.0.0.0")))
                .isInstanceOf(PublicAddressException.class)
                .hasMessageContaining("0.0.0.0")
                .hasMessageContaining("allowPublicAddress");
        try (var server =
                TestServer.start(
                        options -> options.withHost("0.0.0.0").withAllowPublicAddress(true))) {
            assertThat(server.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void hostWithoutAddressIsRefused() {
        assertThatThrownBy(() -> TestServer.start(options -> options.withHost("no.such.invalid")))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("no.such.invalid");
    }

    @Test
    void optionsCheckTheirRanges() {
        ServerOptions options = ServerOptions.defaults();

        assertThat(options.port()).isEqualTo(3030);
        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThatThrownBy(() -> options.withPort(70_000)).hasMessageContaining("port is 70000");
        assertThatThrownBy(() -> options.withMaxPayloadBytes(-1))
                .hasMessageContaining("maxPayloadBytes is -1");
        assertThatThrownBy(() -> options.withDrainTimeout(Duration.ZERO))
                .hasMessageContaining("drain");
    }

    @Test
    void restartedServerTakesItsPortAtOnce() throws Exception {
        int port;
        try (var server = TestServer.start();
                var subscriber = server.subscribe("t")) {
            port = server.port();
            server.produceText("t", "x");
            subscriber.next();
        }
        try (var server = TestServer.start(options -> options.withPort(port))) {
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void pagesOfOtherOriginsAreKeptOut() throws Exception {
        try (var server = TestServer.start();
                var client = server.raw()) {
            String own = "http://127.0.0.1:" + server.port();
            assertThat(post(client, server.port(), "https://evil.example").status()).isEqualTo(403);
            assertThat(post(server.raw(), server.port(), own).status()).isEqualTo(200);
            assertThat(post(server.raw(), server.port(), "null").status()).isEqualTo(403);
        }
    }

    @Test
    void pagesOfAllowedOriginsMayReadAnswers() throws Exception {
        try (var server =
                        TestServer.start(options ->
                                options.withAllowedOrigins(Set.of("https://good.example")));
                var client = server.raw()) {
            var reply = post(client, server.port(), "https://good.example");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("access-control-allow-origin"))
                    .isEqualTo("https://good.example");
            client.send(
                    "OPTIONS /produce/t HTTP/1.1\r\nHost: x\r\nOrigin: https://good.example\r\n"
                            + "Access-Control-Request-Headers: lapwing-key\r\n\r\n");
            var preflight = client.reply();
            assertThat(preflight.status()).isEqualTo(204);
            assertThat(preflight.header("access-control-allow-headers")).isEqualTo("lapwing-key");
            assertThat(post(server.raw(), server.port(), "https://evil.example").status())
                    .isEqualTo(403);
        }
    }

    private static RawClient.Reply post(RawClient client, int port, String origin)
            throws Exception {
        client.send(
                "POST /produce/t HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\nOrigin: "
                        + origin
                        + "\r\nContent-Length: 0\r\n\r\n");
        return client.reply();
    }
}
