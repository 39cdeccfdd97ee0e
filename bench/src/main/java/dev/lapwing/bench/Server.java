// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A server that runs as a process of its own on a free port; closing it ends the process. */
record Server(Child child, int port) implements AutoCloseable {
    /** The heap of every server that runs on Java. */
    static final String HEAP = "256m";

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path NCHAN = Path.of("/usr/lib/nginx/modules/ngx_nchan_module.so");

    /** How a kind of server is started, with a fresh directory for what it keeps. */
    interface Launcher {
        Server launch(Path directory) throws IOException, InterruptedException;
    }

    static Server lapwing(Path directory) throws IOException, InterruptedException {
        return lapwing(directory, HEAP);
    }

    /** {@code ./lapwing serve}, as a user starts it, but for the heap's size. */
    static Server lapwing(Path directory, String heap) throws IOException, InterruptedException {
        var command =
                new ProcessBuilder(
                        "./lapwing", "serve", "--port", "0", "--data", directory.toString());
        command.environment().put("LAPWING_JAVA_OPTS", "-Xmx" + heap);
        Child child = Child.start("lapwing serve", command);
        String port = child.awaitLine("Broker server running at http://127.0.0.1:", PATIENCE);
        return new Server(child, Integer.parseInt(port.strip()));
    }

    /** The bare Netty server with this many event loops. */
    static Server bare(int loops) throws IOException, InterruptedException {
        Child child = Child.java(BareServer.class, HEAP, List.of("--loops", "" + loops));
        return new Server(child, child.awaitPort());
    }

    static Server vertx() throws IOException, InterruptedException {
        Child child = Child.java(VertxServer.class, HEAP, List.of());
        return new Server(child, child.awaitPort());
    }

    /** nginx with nchan: one worker, messages in memory, no log of requests, no limit of reuse. */
    static Server nchan(Path directory) throws IOException, InterruptedException {
        requireProgram("nginx", "nginx libnginx-mod-nchan");
        if (!Files.exists(NCHAN)) {
            throw new BenchmarkFailure("nchan is missing: apt install libnginx-mod-nchan");
        }
        int port = freePort();
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(configuration, nchanConfiguration(directory.toAbsolutePath(), port));
        Child child =
                Child.start(
                        "nginx",
                        new ProcessBuilder(
                                "nginx", "-c", configuration.toAbsolutePath().toString()));
        awaitListening(child, port);
        return new Server(child, port);
    }

    private static String nchanConfiguration(Path directory, int port) {
        return """
        load_module %s;
        %s
        daemon off;
        worker_processes 1;
        worker_rlimit_nofile 65536;
        pid DIR/nginx.pid;
        error_log DIR/error.log warn;
        events { worker_connections 20000; }
        http {
            access_log off;
            client_body_temp_path DIR;
            proxy_temp_path DIR;
            fastcgi_temp_path DIR;
            uwsgi_temp_path DIR;
            scgi_temp_path DIR;
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            tcp_nodelay on;
            nchan_shared_memory_size 512m;
            server {
                listen 127.0.0.1:%d backlog=4096;
                location /produce/ {
                    nchan_publisher;
                    nchan_channel_id bench;
                    nchan_message_buffer_length 256;
                    nchan_message_timeout 10m;
                }
                location /subscribe/ {
                    nchan_subscriber websocket;
                    nchan_channel_id bench;
                    nchan_subscriber_first_message newest;
                }
            }
        }
        """
                .formatted(
                        NCHAN,
                        System.getProperty("user.name").equals("root") ? "user root;" : "",
                        port)
                .replace("DIR", directory.toString());
    }

    /** Redis with an append-only file that is forced before each answer. */
    static Server redis(Path directory) throws IOException, InterruptedException {
        requireProgram("redis-server", "redis-server");
        int port = freePort();
        Child child =
                Child.start(
                        "redis-server",
                        new ProcessBuilder(
                                "redis-server",
                                "--bind",
                                "127.0.0.1",
                                "--port",
                                "" + port,
                                "--dir",
                                directory.toAbsolutePath().toString(),
                                "--appendonly",
                                "yes",
                                "--appendfsync",
                                "always",
                                "--save",
                                ""));
        child.awaitLine("Ready to accept connections", PATIENCE);
        return new Server(child, port);
    }

    private static void requireProgram(String program, String packages) {
        boolean found =
                List.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/usr/local/sbin").stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            throw new BenchmarkFailure(program + " is missing: apt install " + packages);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitListening(Child child, int port) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    child.close();
                    throw new BenchmarkFailure("nginx does not listen on " + port + ": " + e);
                }
                Period.ofSeconds(0.02);
            }
        }
    }

    String portText() {
        return Integer.toString(port);
    }

    @Override
    public void close() {
        child.close();
    }
}
