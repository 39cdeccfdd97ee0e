// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectOptions.Overflow;
import dev.lapwing.Lapwing;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** A server at a free port over a broker of its own, and clients for it. */
final class TestServer implements AutoCloseable {
    private final Lapwing lapwing;
    private final boolean owner;
    private final LapwingServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    private TestServer(Lapwing lapwing, boolean owner, ServerOptions options) {
        this.lapwing = lapwing;
        this.owner = owner;
        this.server = LapwingServer.start(options, lapwing);
    }

    static Lapwing memory() {
        return Lapwing.connect(
                "memory:",
                ConnectOptions.defaults().withInFlight(65_536, 64 << 20, Overflow.REFUSE));
    }

    static TestServer start() {
        return start(UnaryOperator.identity());
    }

    static TestServer start(UnaryOperator<ServerOptions> change) {
        return new TestServer(memory(), true, options(change));
    }

    /** A server over a connection that outlives it. */
    static TestServer over(Lapwing lapwing, UnaryOperator<ServerOptions> change) {
        return new TestServer(lapwing, false, options(change));
    }

    private static ServerOptions options(UnaryOperator<ServerOptions> change) {
        return change.apply(
                ServerOptions.defaults().withPort(0).withDrainTimeout(Duration.ofSeconds(20)));
    }

    Lapwing lapwing() {
        return lapwing;
    }

    LapwingServer server() {
        return server;
    }

    int port() {
        return server.address().getPort();
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.timeout(Duration.ofSeconds(60)).build(),
                BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    /** Publishes with a content type; none if it is empty. */
    HttpResponse<String> produce(String topic, String contentType, byte[] body, String... headers)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(uri("/produce/" + encode(topic)))
                        .POST(BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("content-type", contentType);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    HttpResponse<String> produceText(String topic, String text)
            throws IOException, InterruptedException {
        return produce(topic, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes past the server. */
    String publish(String topic, String text) {
        return lapwing.publish(topic, text).position().orElseThrow().token();
    }

    TestSubscriber subscribe(String topicAndQuery) {
        return TestSubscriber.open(port(), topicAndQuery);
    }

    RawClient raw() throws IOException {
        return new RawClient(port());
    }

    static String encode(String topic) {
        return URLEncoder.encode(topic, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        server.close();
        http.shutdownNow();
        if (owner) {
            lapwing.close();
        }
    }
}
