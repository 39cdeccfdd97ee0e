// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectOptions.Overflow;
import dev.lapwing.Lapwing;
import dev.lapwing.http.LapwingServer;
import dev.lapwing.http.PublicAddressException;
import dev.lapwing.http.ServerOptions;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * A server from its start to its end. Apart from {@link ServeCommand}, so that other commands start
 * without the server's classes.
 */
final class ServerRun {

    private static final int IN_FLIGHT = 65_536;
    private static final long IN_FLIGHT_BYTES = 64L << 20;

    private final Streams streams;
    private final Settings settings;

    /** What the options of {@code serve} say; the help describes each. */
    record Settings(
            String host,
            int port,
            ByteSize maxPayload,
            int maxConnections,
            ByteSize maxSubscriber,
            Set<String> origins,
            boolean allowPublic,
            Duration drain) {}

    ServerRun(Streams streams, Settings settings) {
        this.streams = streams;
        this.settings = settings;
    }

    /**
     * Serves until a signal comes.
     *
     * @param engine the URI of what stands behind the server
     * @param place where the data is, for people
     * @return the exit code
     * @throws IllegalArgumentException if a setting is out of its range
     */
    int untilStopped(String engine, String place) throws InterruptedException {
        ServerOptions options = serverOptions();
        var stop = new CountDownLatch(1);
        StopSignals.onFirst(code -> stop.countDown());
        try (Lapwing lapwing = Lapwing.connect(engine, connectOptions());
                LapwingServer server = LapwingServer.start(options, lapwing)) {
            streams.text().println("Broker server running at " + url(server));
            streams.err().println(place + "; Ctrl-C ends the server");
            stop.await();
            streams.err().println("Ending: waiting for requests and subscribers");
            if (!server.drain(settings.drain())) {
                streams.err()
                        .println(
                                "lapwing: not everything ended within %d ms"
                                        .formatted(settings.drain().toMillis()));
                return ExitCode.FAILED;
            }
        } catch (PublicAddressException e) {
            throw new IllegalArgumentException(
                    ("%s can be reached from other machines, and the server has no"
                                    + " authentication yet: everybody there could publish and read."
                                    + " Take --host 127.0.0.1 with a proxy in front, or add"
                                    + " --allow-public if the network is closed")
                            .formatted(settings.host()),
                    e);
        }
        return ExitCode.OK;
    }

    private ConnectOptions connectOptions() {
        return ConnectOptions.defaults()
                .withMaxPayloadBytes(settings.maxPayload().toInt())
                .withInFlight(IN_FLIGHT, IN_FLIGHT_BYTES, Overflow.REFUSE);
    }

    private ServerOptions serverOptions() {
        ServerOptions standard = ServerOptions.defaults();
        return standard.withHost(settings.host())
                .withPort(settings.port())
                .withAllowPublicAddress(settings.allowPublic())
                .withAllowedOrigins(settings.origins())
                .withLimits(
                        standard.limits()
                                .withMaxPayloadBytes(settings.maxPayload().toInt())
                                .withMaxConnections(
                                        settings.maxConnections(), settings.maxConnections())
                                .withMaxSubscriberBytes(settings.maxSubscriber().toInt()))
                .withDrainTimeout(settings.drain());
    }

    /** The address as it was asked for, with the port that it got. */
    private String url(LapwingServer server) {
        String host = settings.host();
        return "http://%s:%d"
                .formatted(
                        host.contains(":") ? "[" + host + "]" : host, server.address().getPort());
    }
}
