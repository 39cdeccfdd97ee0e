// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A Kafka server of one node, broker and controller at once, in a JVM of its own. */
public final class KafkaServer extends BrokerServer {

    /** The environment variable with the address of a server to share. */
    private static final String VARIABLE = "LAPWING_TEST_KAFKA";

    private static final String CLUSTER = "bGFwd2luZy10ZXN0cy0wMA";

    private static final Shared<KafkaServer> SHARED = new Shared<>(KafkaServer::sharedOne);

    private final @Nullable KafkaPorts ports;

    private KafkaServer(String uri, @Nullable KafkaPorts ports, Lifecycle lifecycle) {
        super(uri, lifecycle);
        this.ports = ports;
    }

    /** Starts one of the test's own. */
    public static KafkaServer start() {
        return start(KafkaOptions.standard());
    }

    /** Starts one of the test's own. */
    public static KafkaServer start(KafkaOptions options) {
        KafkaPorts ports = KafkaPorts.free();
        Path folder = OwnServer.folder("kafka");
        Path data = folder.resolve("data");
        Path configuration =
                OwnServer.write(
                        folder.resolve("server.properties"),
                        KafkaConfiguration.text(options, ports, data));
        OwnServer own =
                new OwnServer(
                        "Kafka",
                        folder,
                        command(options, configuration, data),
                        Map.of(),
                        () -> Probe.accepts(ports.direct()) && Probe.accepts(ports.behindProxy()));
        KafkaServer server = new KafkaServer(uri(options, ports.direct()), ports, own);
        own.startOrClose();
        return server;
    }

    /** The one that the tests of this JVM share, or that at {@code LAPWING_TEST_KAFKA}. */
    public static KafkaServer shared() {
        return SHARED.server();
    }

    private static KafkaServer sharedOne() {
        return addressIn(VARIABLE)
                .map(address ->
                        new KafkaServer(address, null, new ForeignServer(VARIABLE, address)))
                .orElseGet(KafkaServer::start);
    }

    /**
     * A proxy in front of a listener of its own, which tells clients the proxy's address, so that
     * they never go round it. There can be one at a time, always at the same port.
     */
    public LinkProxy proxied() {
        if (ports == null) {
            throw new IllegalStateException(
                    "a proxy needs a Kafka of the test's own, not that of " + VARIABLE);
        }
        return new LinkProxy(this, ports.advertised(), ports.behindProxy());
    }

    /** The same as {@link #proxied}. */
    @Override
    public LinkProxy proxy() {
        return proxied();
    }

    private static List<String> command(KafkaOptions options, Path configuration, Path data) {
        List<String> words =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                                "-Dorg.slf4j.simpleLogger.showDateTime=true"));
        words.addAll(options.jvm());
        words.addAll(List.of("-classpath", classPath(), KafkaProcess.class.getName()));
        words.addAll(List.of(configuration.toString(), data.toString(), CLUSTER));
        return words;
    }

    private static String classPath() {
        try (InputStream file = KafkaServer.class.getResourceAsStream("kafka.classpath")) {
            if (file == null) {
                throw new IllegalStateException(
                        "kafka.classpath is missing: build the module testing/testbed with Maven");
            }
            Path own =
                    Path.of(
                            KafkaServer.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI());
            return own
                    + File.pathSeparator
                    + new String(file.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read kafka.classpath", e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the testbed lies at no file", e);
        }
    }

    private static String uri(KafkaOptions options, int port) {
        return "kafka://"
                + options.user().map(user -> user + ":" + options.password() + "@").orElse("")
                + LOOPBACK
                + ":"
                + port
                + options.certificates()
                        .map(certificates -> "?tls=true&ca=" + certificates.authority())
                        .orElse("");
    }
}
