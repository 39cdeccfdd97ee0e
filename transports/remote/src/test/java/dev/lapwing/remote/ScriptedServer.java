// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real HTTP and WebSocket server whose answers, and whose failures, a test decides. */
final class ScriptedServer implements AutoCloseable {

    /** A request as it came over the wire. */
    record Request(String method, String target, Map<String, String> headers, String body) {
        boolean isUpgrade() {
            return headers.containsKey("sec-websocket-key");
        }

        String path() {
            int mark = target.indexOf('?');
            return mark < 0 ? target : target.substring(0, mark);
        }
    }

    /** Answers one request. */
    @FunctionalInterface
    interface Script {
        void answer(Request request, Reply reply) throws IOException, InterruptedException;
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    ScriptedServer(Script script) throws IOException {
        this.script = script;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String uri() {
        return "lapwing://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many requests to a path have come. */
    int requests(String path) {
        return counts.getOrDefault(path, 0);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new BufferedInputStream(socket.getInputStream());
            for (Request request = read(in); request != null; request = read(in)) {
                counts.merge(request.path(), 1, Integer::sum);
                if (request.path().equals("/capabilities")) {
                    new Reply(socket, request).json(200, CAPABILITIES);
                } else {
                    script.answer(request, new Reply(socket, request));
                }
                if (request.isUpgrade()) {
                    return;
                }
            }
        } catch (IOException | InterruptedException e) {
            // The client or the test broke the connection.
        }
    }

    private static final String CAPABILITIES =
            """
            {"capabilities":["DURABLE","STORED_CONFIRMATION","DEDUPLICATION","HEADERS","KEYS",
            "PATTERNS","REPLAY","REPLAY_FROM_POSITION","REPLAY_FROM_TIME","COMPARABLE_POSITIONS",
            "GROUPS","SOMETHING_NEW"]}\
            """;

    private static Request read(InputStream in) throws IOException {
        String first = line(in);
        if (first.isEmpty()) {
            return null;
        }
        var headers = new HashMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        String[] words = first.split(" ");
        return new Request(words[0], words[1], headers, body);
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
