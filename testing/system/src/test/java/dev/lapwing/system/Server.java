// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A running {@code lapwing serve} with its log in the folder's {@code data}. */
final class Server implements AutoCloseable {

    private static final String READY = "Broker server running at http://127.0.0.1:";

    /** Posts like curl: nothing of it is Lapwing's. */
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Program program;
    private final int port;

    private Server(Program program) {
        this.program = program;
        this.port = Integer.parseInt(program.awaitOut(READY).substring(READY.length()));
    }

    /** Starts on a free port and waits until it is ready. */
    static Server start(Path folder, String... options) throws IOException {
        return startAt(folder, 0, options);
    }

    /** Starts on a port and waits until it is ready. */
    static Server startAt(Path folder, int port, String... options) throws IOException {
        var arguments = new ArrayList<>(List.of("serve", "--port", Integer.toString(port)));
        arguments.addAll(List.of(options));
        Program program = Program.lapwing(folder, arguments.toArray(String[]::new));
        try {
            return new Server(program);
        } catch (RuntimeException | Error e) {
            program.close();
            throw e;
        }
    }

    /** A server that was started in another way; waits until it is ready. */
    static Server of(Program program) {
        return new Server(program);
    }

    Program program() {
        return program;
    }

    int port() {
        return port;
    }

    /** What {@code --uri} takes. */
    String uri() {
        return "lapwing://127.0.0.1:" + port;
    }

    /** Posts a JSON string to a topic. */
    HttpResponse<String> post(String topic, String json) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/produce/%s"
                                                .formatted(
                                                        port,
                                                        URLEncoder.encode(
                                                                topic, StandardCharsets.UTF_8))))
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Gets a path. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofSeconds(30))
                        .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        program.close();
    }
}
