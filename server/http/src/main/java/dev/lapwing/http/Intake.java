// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Puts the parts of a request together and hands it to its endpoint. A request that is refused
 * before its body is here ends the connection: the body is not waited for, and what comes behind it
 * is not looked at. Confined to the event loop.
 */
final class Intake {
    private final HttpServer server;
    private final HttpConnection connection;

    private @Nullable Exchange current;
    private @Nullable Request request;
    private @Nullable Endpoint endpoint;
    private @Nullable Body body;
    private long announced;
    private boolean last;

    Intake(HttpServer server, HttpConnection connection) {
        this.server = server;
        this.connection = connection;
    }

    /** The exchange whose request is being read. */
    @Nullable Exchange current() {
        return current;
    }

    void begin(HttpRequest head) {
        if (last) {
            return;
        }
        if (head.decoderResult().isFailure()) {
            refuse(Failures.undecodable(head.decoderResult().cause()), true);
            return;
        }
        connection.deadline().body();
        try {
            accept(head);
        } catch (RuntimeException failure) {
            refuse(Failures.problem(failure), hasBody(head));
        }
    }

    private void accept(HttpRequest head) {
        Request read = Request.of(head);
        request = read;
        var exchange = new Exchange(connection, read, server.origins().corsLines(read));
        current = exchange;
        connection.enqueue(exchange);
        server.origins().check(read);
        Endpoint found = server.router().route(read);
        endpoint = found;
        long limit = found.maxBodyBytes(read);
        announced = HttpUtil.getContentLength(head, -1L);
        body = limit > 0 ? new Body(connection.worker(), limit, announced) : null;
        expect(read, exchange, hasBody(head));
    }

    private void expect(Request read, Exchange exchange, boolean more) {
        Optional<String> expectation = read.header(HttpHeaderNames.EXPECT);
        if (expectation.isEmpty() || read.old()) {
            return;
        }
        if (!expectation.get().equalsIgnoreCase("100-continue")) {
            throw new Refusal(
                    Problem.of(
                            417,
                            "expectation-failed",
                            "The expectation cannot be met",
                            "Expect is '%s'; only 100-continue is known"
                                    .formatted(Target.printable(expectation.get()))));
        }
        if (more) {
            connection.goOn(exchange);
        }
    }

    private static boolean hasBody(HttpRequest head) {
        return HttpUtil.isTransferEncodingChunked(head) || HttpUtil.getContentLength(head, 0L) > 0;
    }

    void content(HttpContent content, boolean end) {
        if (content.decoderResult().isFailure()) {
            if (current != null) {
                refuse(Failures.undecodable(content.decoderResult().cause()), true);
            }
            return;
        }
        try {
            if (body != null) {
                body.append(content.content(), announced);
            }
            if (end) {
                connection.deadline().idle();
                finish();
            }
        } catch (Refusal refusal) {
            refuse(refusal.problem(), !end);
        }
    }

    private void finish() {
        Exchange exchange = current;
        if (exchange == null || endpoint == null) {
            return;
        }
        byte[] whole = body == null ? new byte[0] : body.take();
        Endpoint found = endpoint;
        last = !exchange.keepsAlive();
        forget();
        try {
            found.answer(exchange, Objects.requireNonNull(request), whole);
        } catch (RuntimeException failure) {
            exchange.answer(Failures.problem(failure).answer());
        }
    }

    private void refuse(Problem problem, boolean unread) {
        Exchange exchange = current;
        if (exchange == null) {
            exchange = new Exchange(connection, null, List.of());
            connection.enqueue(exchange);
        }
        abandon();
        connection.deadline().idle();
        if (unread) {
            exchange.closeAfter();
        }
        last = !exchange.keepsAlive();
        exchange.answer(problem.answer());
    }

    /** Forgets the request that is being read. */
    void abandon() {
        if (body != null) {
            body.release();
        }
        forget();
    }

    private void forget() {
        current = null;
        endpoint = null;
        body = null;
    }
}
