// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.net.URI;
import java.nio.file.Files;
import java.util.List;

/**
 * A RabbitMQ server with the management plugin and the user {@code guest} with the password {@code
 * guest}.
 */
public final class RabbitServer extends BrokerServer {

    /** The environment variable with the address of a server to share. */
    private static final String VARIABLE = "LAPWING_TEST_RABBITMQ";

    private static final int MANAGEMENT_PORT = 15672;

    private static final Shared<RabbitServer> SHARED = new Shared<>(RabbitServer::sharedOne);

    private final URI management;
    private final Lifecycle lifecycle;

    private RabbitServer(String uri, URI management, Lifecycle lifecycle) {
        super(uri, lifecycle);
        this.management = management;
        this.lifecycle = lifecycle;
    }

    /** Starts one of the test's own. */
    public static RabbitServer start() {
        return start(RabbitOptions.standard());
    }

    /** Starts one of the test's own. */
    public static RabbitServer start(RabbitOptions options) {
        if (!Files.isExecutable(RabbitNode.SCRIPT)) {
            throw Binary.missing(
                    RabbitNode.SCRIPT.toString(),
                    "rabbitmq-server",
                    ", or name a running server in " + VARIABLE);
        }
        RabbitNode node = RabbitNode.create(options);
        RabbitServer server =
                new RabbitServer(
                        uri(options, node.port()),
                        URI.create("http://%s:%d".formatted(LOOPBACK, node.managementPort())),
                        node);
        node.startOrClose();
        return server;
    }

    /** The one that the tests of this JVM share, or that at {@code LAPWING_TEST_RABBITMQ}. */
    public static RabbitServer shared() {
        return SHARED.server();
    }

    private static RabbitServer sharedOne() {
        return addressIn(VARIABLE)
                .map(address ->
                        new RabbitServer(
                                address,
                                URI.create(
                                        "http://%s:%d"
                                                .formatted(
                                                        URI.create(address).getHost(),
                                                        MANAGEMENT_PORT)),
                                new ForeignServer(VARIABLE, address)))
                .orElseGet(RabbitServer::start);
    }

    /** Where the management plugin listens, such as {@code http://127.0.0.1:15672}. */
    public URI managementUri() {
        return management;
    }

    /** Runs rabbitmqctl on a server of the test's own, and waits for its end. */
    public void control(String... words) {
        if (!(lifecycle instanceof RabbitNode node)) {
            throw new IllegalStateException(this + " is not the test's own: start() one");
        }
        node.control(List.of(words));
    }

    private static String uri(RabbitOptions options, int port) {
        return options.certificates().map(certificates -> "amqps://").orElse("amqp://")
                + "guest:guest@"
                + LOOPBACK
                + ":"
                + port
                + options.certificates()
                        .map(certificates -> "?ca=" + certificates.authority())
                        .orElse("");
    }
}
