// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import io.netty.channel.ConnectTimeoutException;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Speaks HTTP and WebSocket with one server, over connections that are kept. */
final class ServerClient implements AutoCloseable {

    private final RemoteSettings settings;
    private final HttpClient client;
    private final EventConnections events;

    ServerClient(RemoteSettings settings, Executor executor) {
        this.settings = settings;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(settings.connectTimeout())
                        .executor(executor)
                        .build();
        this.events = new EventConnections(settings.connectTimeout());
    }

    CompletableFuture<HttpResponse<String>> get(String path) {
        return send(request(path).GET());
    }

    CompletableFuture<HttpResponse<String>> post(String path, String type, byte[] body) {
        return send(
                request(path)
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
    }

    CompletableFuture<EventConnection> open(String path, EventConnection.Listener listener) {
        return events.open(settings.server().webSocket(path), listener);
    }

    /** After how long without a frame a WebSocket is asked for a sign of life. */
    Duration heartbeat() {
        return settings.heartbeat();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(settings.server().http(path))
                .timeout(settings.requestTimeout());
    }

    private CompletableFuture<HttpResponse<String>> send(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Breaks off what is under way, which then fails. */
    @Override
    public void close() {
        client.shutdownNow();
        events.close();
    }

    /** Whether a failure happened before anything can have reached the server. */
    static boolean neverSent(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException;
    }

    /** Why a call failed, in words for people. */
    static String reason(Throwable failure) {
        Throwable cause = cause(failure);
        return switch (cause) {
            case dev.lapwing.LapwingException e -> e.getMessage();
            case HttpConnectTimeoutException e -> "the server does not answer";
            case ConnectTimeoutException e -> "the server does not answer";
            case UnknownHostException e -> "the host is not known";
            case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
                    "the host is not known";
            case ConnectException e -> "connection refused";
            case UnresolvedAddressException e -> "the host is not known";
            case HttpTimeoutException e -> "the server did not confirm in time";
            case IOException e -> "the connection broke" + detail(e);
            default -> cause.toString();
        };
    }

    private static String detail(IOException e) {
        return e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
    }

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }
}
