// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The Erlang node of a RabbitMQ server, with a port mapper daemon of its own: the one that it would
 * start for itself stays behind.
 */
final class RabbitNode implements Lifecycle {

    /** The package's script on the path wants to be root or rabbitmq; the one behind does not. */
    static final Path SCRIPT = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

    private static final Path CONTROL = SCRIPT.resolveSibling("rabbitmqctl");
    private static final long CONTROL_SECONDS = 60;

    private final int port;
    private final int managementPort;
    private final Map<String, String> environment;
    private final OwnServer mapper;
    private final OwnServer node;

    private RabbitNode(
            int port,
            int managementPort,
            Map<String, String> environment,
            OwnServer mapper,
            OwnServer node) {
        this.port = port;
        this.managementPort = managementPort;
        this.environment = environment;
        this.mapper = mapper;
        this.node = node;
    }

    static RabbitNode create(RabbitOptions options) {
        int port = Ports.free();
        int managementPort = Ports.free();
        int mapperPort = Ports.free();
        OwnServer mapper =
                new OwnServer(
                        "epmd",
                        OwnServer.folder("epmd"),
                        List.of(
                                Binary.find("epmd", "erlang-base", "").toString(),
                                "-port",
                                Integer.toString(mapperPort),
                                "-address",
                                BrokerServer.LOOPBACK),
                        Map.of(),
                        () -> Probe.accepts(mapperPort));
        Path folder = OwnServer.folder("rabbitmq");
        OwnServer.write(
                folder.resolve("rabbitmq.conf"), configuration(options, port, managementPort));
        OwnServer.write(folder.resolve("enabled_plugins"), "[rabbitmq_management].\n");
        Map<String, String> environment = environment(folder, port, mapperPort);
        OwnServer node =
                new OwnServer(
                        "rabbitmq-server",
                        folder,
                        List.of(SCRIPT.toString()),
                        environment,
                        () -> Probe.accepts(managementPort) && answers(options, port));
        return new RabbitNode(port, managementPort, environment, mapper, node);
    }

    private static boolean answers(RabbitOptions options, int port) {
        return options.certificates().isPresent()
                ? Probe.accepts(port)
                : Probe.answer(port, "AMQP\0\0\11\1").startsWith("\1\0\0");
    }

    private static String configuration(RabbitOptions options, int port, int managementPort) {
        String address = "%s:%d".formatted(BrokerServer.LOOPBACK, port);
        List<String> lines = new ArrayList<>();
        options.certificates()
                .ifPresentOrElse(
                        certificates ->
                                lines.addAll(
                                        List.of(
                                                "listeners.tcp = none",
                                                "listeners.ssl.1 = " + address,
                                                "ssl_options.cacertfile = "
                                                        + certificates.authority(),
                                                "ssl_options.certfile = "
                                                        + certificates.certificate(),
                                                "ssl_options.keyfile = " + certificates.key(),
                                                "ssl_options.verify = verify_none")),
                        () -> lines.add("listeners.tcp.1 = " + address));
        lines.add("management.tcp.ip = " + BrokerServer.LOOPBACK);
        lines.add("management.tcp.port = " + managementPort);
        lines.add("disk_free_limit.absolute = 50MB");
        lines.add("log.console = true");
        lines.add("log.file = false");
        lines.addAll(options.config());
        return String.join("\n", lines) + "\n";
    }

    private static Map<String, String> environment(Path folder, int port, int mapperPort) {
        return Map.ofEntries(
                Map.entry("HOME", folder.toString()),
                Map.entry("ERL_EPMD_ADDRESS", BrokerServer.LOOPBACK),
                Map.entry("ERL_EPMD_PORT", Integer.toString(mapperPort)),
                Map.entry("RABBITMQ_NODENAME", "lapwing-%d@localhost".formatted(port)),
                Map.entry("RABBITMQ_DIST_PORT", Integer.toString(Ports.free())),
                Map.entry("RABBITMQ_MNESIA_BASE", folder.resolve("data").toString()),
                Map.entry("RABBITMQ_LOG_BASE", folder.resolve("log").toString()),
                Map.entry("RABBITMQ_CONFIG_FILE", folder.resolve("rabbitmq").toString()),
                Map.entry("RABBITMQ_ADVANCED_CONFIG_FILE", folder.resolve("advanced").toString()),
                Map.entry("RABBITMQ_CONF_ENV_FILE", folder.resolve("env").toString()),
                Map.entry(
                        "RABBITMQ_ENABLED_PLUGINS_FILE",
                        folder.resolve("enabled_plugins").toString()),
                // The script then becomes the node instead of watching over it.
                Map.entry("RABBITMQ_ALLOW_INPUT", "1"),
                Map.entry("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "-noinput +S 2:2"));
    }

    int port() {
        return port;
    }

    int managementPort() {
        return managementPort;
    }

    /** Runs rabbitmqctl on the node, and waits for its end. */
    void control(List<String> words) {
        var command = new ArrayList<>(List.of(CONTROL.toString()));
        command.addAll(words);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        try {
            Process process = builder.start();
            if (!process.waitFor(CONTROL_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s took more than %d s".formatted(command, CONTROL_SECONDS));
            }
            if (process.exitValue() != 0) {
                throw new IllegalStateException(
                        "%s ended with exit code %d, see %s"
                                .formatted(command, process.exitValue(), log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command + " ran", e);
        }
    }

    void startOrClose() {
        try {
            mapper.start();
            node.start();
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void start() {
        node.start();
    }

    @Override
    public void stop() {
        node.stop();
    }

    @Override
    public void kill() {
        node.kill();
    }

    @Override
    public void pause() {
        node.pause();
    }

    @Override
    public void resume() {
        node.resume();
    }

    @Override
    public Path log() {
        return node.log();
    }

    @Override
    public void close() {
        node.close();
        mapper.close();
    }
}
