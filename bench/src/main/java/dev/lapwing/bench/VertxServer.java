// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;

/**
 * The endpoints of {@link BareServer} on Vert.x, through its public API only; a process of its own,
 * one event loop. It exists for the decision between the two frameworks.
 */
@Command(name = "vertx-server")
final class VertxServer implements Callable<Integer> {
    private static final Buffer HELLO = Buffer.buffer("Hello, world!");
    private static final Buffer STORED =
            Buffer.buffer("{\"id\":\"0000000000000000\",\"topic\":\"bench\",\"position\":1}");

    private final List<ServerWebSocket> subscribers = new ArrayList<>();

    @Option(names = "--loops", defaultValue = "1")
    private int loops;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new VertxServer()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Vertx vertx =
                Vertx.vertx(
                        new VertxOptions()
                                .setPreferNativeTransport(true)
                                .setEventLoopPoolSize(loops));
        HttpServer server =
                vertx.createHttpServer(
                                new HttpServerOptions()
                                        .setAcceptBacklog(4096)
                                        .setPerMessageWebSocketCompressionSupported(false)
                                        .setPerFrameWebSocketCompressionSupported(false))
                        .webSocketHandler(this::subscribe)
                        .requestHandler(this::request)
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get();
        System.out.println(
                BareServer.READY
                        + server.actualPort()
                        + (vertx.isNativeTransportEnabled() ? " (epoll)" : " (nio)"));
        new CountDownLatch(1).await();
        return 0;
    }

    private void subscribe(ServerWebSocket socket) {
        subscribers.add(socket);
        socket.closeHandler(_ -> subscribers.remove(socket));
    }

    private void request(HttpServerRequest request) {
        if (request.uri().startsWith("/produce/")) {
            request.body()
                    .onSuccess(body -> {
                        publish(body.toString());
                        reply(request, STORED, "application/json");
                    });
        } else {
            reply(request, HELLO, "text/plain");
        }
    }

    private void publish(String text) {
        for (ServerWebSocket subscriber : subscribers) {
            subscriber.writeTextMessage(text);
        }
    }

    private static void reply(HttpServerRequest request, Buffer body, String type) {
        request.response().putHeader("content-type", type).end(body);
    }
}
