// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.util.List;

/** Finds what answers a request. */
final class Router {
    static final String PRODUCE = "/produce/";
    static final String SUBSCRIBE = "/subscribe/";
    static final String TOPICS = "/topics/";

    private final Endpoint produce;
    private final Endpoint batch;
    private final Endpoint subscribe;
    private final Endpoint topics;
    private final Endpoint health;
    private final Endpoint capabilities;

    Router(
            Endpoint produce,
            Endpoint batch,
            Endpoint subscribe,
            Endpoint topics,
            Endpoint health,
            Endpoint capabilities) {
        this.produce = produce;
        this.batch = batch;
        this.subscribe = subscribe;
        this.topics = topics;
        this.health = health;
        this.capabilities = capabilities;
    }

    /**
     * The endpoint of a request.
     *
     * @throws Refusal if there is none, or it does not know the method
     */
    Endpoint route(Request request) {
        if (request.method().equals("OPTIONS") && request.path().equals("*")) {
            return new Options("GET, HEAD, POST, OPTIONS");
        }
        Endpoint endpoint = find(request.path());
        if (request.method().equals("OPTIONS")) {
            return new Options(endpoint.methods());
        }
        if (!isListed(request.method(), endpoint.methods())) {
            throw new Refusal(
                    Problem.methodNotAllowed(
                            Target.printable(request.method()),
                            Target.printable(request.path()),
                            endpoint.methods()));
        }
        return endpoint;
    }

    private Endpoint find(String path) {
        if (isBelow(path, PRODUCE)) {
            return produce;
        }
        if (path.equals("/batch")) {
            return batch;
        }
        if (isBelow(path, SUBSCRIBE)) {
            return subscribe;
        }
        if (path.equals("/topics") || isBelow(path, TOPICS)) {
            return topics;
        }
        if (path.equals("/health") || path.equals("/healthz")) {
            return health;
        }
        if (path.equals("/capabilities")) {
            return capabilities;
        }
        throw new Refusal(
                Problem.notFound(
                        ("'%s' is no path of this server; there are POST /produce/{topic}, POST"
                             + " /batch, the WebSocket /subscribe/{topic}, GET /topics, GET"
                             + " /topics/{topic} and GET /health. A slash inside a topic is written"
                             + " %%2F")
                                .formatted(Target.printable(path))));
    }

    /** Whether a list, as the header {@code Allow} has it, names the method. */
    private static boolean isListed(String method, String methods) {
        for (int at = methods.indexOf(method); at >= 0; at = methods.indexOf(method, at + 1)) {
            int end = at + method.length();
            boolean begins = at == 0 || methods.charAt(at - 1) == ' ';
            if (begins && (end == methods.length() || methods.charAt(end) == ',')) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String path, String prefix) {
        return path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0;
    }

    /** Tells which methods a path knows; for pages of other origins, which headers as well. */
    private record Options(String methods) implements Endpoint {
        @Override
        public void answer(Exchange exchange, Request request, byte[] body) {
            exchange.answer(
                    Answer.empty(
                            204,
                            List.of(
                                    "allow: " + methods + "\r\n",
                                    "access-control-allow-methods: " + methods + "\r\n",
                                    "access-control-allow-headers: " + headers(request) + "\r\n",
                                    "access-control-max-age: 600\r\n")));
        }

        /** Those that are asked for: which origins may send any is decided elsewhere. */
        private static String headers(Request request) {
            return request.header("access-control-request-headers").orElse("content-type");
        }
    }
}
