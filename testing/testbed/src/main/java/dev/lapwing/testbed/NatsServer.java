// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A NATS server, with JetStream unless its options say otherwise. */
public final class NatsServer extends BrokerServer {

    /** The environment variable with the address of a server to share. */
    private static final String VARIABLE = "LAPWING_TEST_NATS";

    private static final Shared<NatsServer> SHARED = new Shared<>(NatsServer::sharedOne);

    private NatsServer(String uri, Lifecycle lifecycle) {
        super(uri, lifecycle);
    }

    /** Starts one of the test's own. */
    public static NatsServer start() {
        return start(NatsOptions.standard());
    }

    /** Starts one of the test's own. */
    public static NatsServer start(NatsOptions options) {
        int port = Ports.free();
        String program =
                Binary.find(
                                "nats-server",
                                "nats-server",
                                ", or name a running server in " + VARIABLE)
                        .toString();
        Path folder = OwnServer.folder("nats");
        Path config = OwnServer.write(folder.resolve("nats.conf"), config(options, folder, port));
        OwnServer own =
                new OwnServer(
                        "nats-server",
                        folder,
                        List.of(program, "--config", config.toString()),
                        Map.of(),
                        () -> Probe.answer(port, "").startsWith("INFO {"));
        NatsServer server = new NatsServer(uri(options, port), own);
        own.startOrClose();
        return server;
    }

    /** The one that the tests of this JVM share, or that at {@code LAPWING_TEST_NATS}. */
    public static NatsServer shared() {
        return SHARED.server();
    }

    private static NatsServer sharedOne() {
        return addressIn(VARIABLE)
                .map(address -> new NatsServer(address, new ForeignServer(VARIABLE, address)))
                .orElseGet(NatsServer::start);
    }

    private static String config(NatsOptions options, Path folder, int port) {
        List<String> lines = new ArrayList<>();
        lines.add("listen: \"%s:%d\"".formatted(LOOPBACK, port));
        lines.add("server_name: \"lapwing-%d\"".formatted(port));
        if (options.jetStream()) {
            lines.add(
                    """
                    jetstream { store_dir: "%s", max_mem: 256MB, max_file: 4GB }\
                    """
                            .formatted(folder.resolve("data")));
        }
        options.user()
                .ifPresent(user ->
                        lines.add(
                                """
                                authorization { user: "%s", password: "%s" }\
                                """
                                        .formatted(user, options.password())));
        options.certificates()
                .ifPresent(certificates ->
                        lines.add(
                                """
                                tls { cert_file: "%s", key_file: "%s", timeout: 20 }\
                                """
                                        .formatted(
                                                certificates.certificate(), certificates.key())));
        lines.addAll(options.config());
        return String.join("\n", lines) + "\n";
    }

    private static String uri(NatsOptions options, int port) {
        return options.certificates().map(certificates -> "tls://").orElse("nats://")
                + options.user().map(user -> user + ":" + options.password() + "@").orElse("")
                + LOOPBACK
                + ":"
                + port
                + options.certificates()
                        .map(certificates -> "?ca=" + certificates.authority())
                        .orElse("");
    }
}
