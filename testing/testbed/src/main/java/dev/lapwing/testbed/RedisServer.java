// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Redis server. */
public final class RedisServer extends BrokerServer {

    /** The environment variable with the address of a server to share. */
    private static final String VARIABLE = "LAPWING_TEST_REDIS";

    private static final Shared<RedisServer> SHARED = new Shared<>(RedisServer::sharedOne);

    private RedisServer(String uri, Lifecycle lifecycle) {
        super(uri, lifecycle);
    }

    /** Starts one of the test's own. */
    public static RedisServer start() {
        return start(RedisOptions.standard());
    }

    /** Starts one of the test's own. */
    public static RedisServer start(RedisOptions options) {
        int port = Ports.free();
        Path folder = OwnServer.folder("redis");
        OwnServer own =
                new OwnServer(
                        "redis-server",
                        folder,
                        command(options, folder, port),
                        Map.of(),
                        () ->
                                options.certificates().isPresent()
                                        ? Probe.accepts(port)
                                        : answersPing(port));
        RedisServer server = new RedisServer(uri(options, port), own);
        own.startOrClose();
        return server;
    }

    /** The one that the tests of this JVM share, or that at {@code LAPWING_TEST_REDIS}. */
    public static RedisServer shared() {
        return SHARED.server();
    }

    private static RedisServer sharedOne() {
        return addressIn(VARIABLE)
                .map(address -> new RedisServer(address, new ForeignServer(VARIABLE, address)))
                .orElseGet(RedisServer::start);
    }

    private static List<String> command(RedisOptions options, Path folder, int port) {
        boolean tls = options.certificates().isPresent();
        String program =
                Binary.find(
                                "redis-server",
                                "redis-server",
                                ", or name a running server in " + VARIABLE)
                        .toString();
        List<String> words = new ArrayList<>(List.of(program, "--bind", LOOPBACK));
        words.addAll(List.of("--port", tls ? "0" : Integer.toString(port)));
        words.addAll(List.of("--dir", folder.toString(), "--save", ""));
        words.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
        options.password().ifPresent(password -> words.addAll(List.of("--requirepass", password)));
        options.certificates()
                .ifPresent(certificates ->
                        words.addAll(
                                List.of(
                                        "--tls-port",
                                        Integer.toString(port),
                                        "--tls-cert-file",
                                        certificates.certificate().toString(),
                                        "--tls-key-file",
                                        certificates.key().toString(),
                                        "--tls-ca-cert-file",
                                        certificates.authority().toString(),
                                        "--tls-auth-clients",
                                        "no")));
        words.addAll(options.arguments());
        return words;
    }

    private static String uri(RedisOptions options, int port) {
        return options.certificates().map(certificates -> "rediss://").orElse("redis://")
                + options.password().map(password -> ":" + password + "@").orElse("")
                + LOOPBACK
                + ":"
                + port
                + options.certificates()
                        .map(certificates -> "?ca=" + certificates.authority())
                        .orElse("");
    }

    private static boolean answersPing(int port) {
        String answer = Probe.answer(port, "PING\r\n");
        return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
    }
}
