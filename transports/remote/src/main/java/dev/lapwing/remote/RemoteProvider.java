// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/** Opens connections to a Lapwing server: {@code lapwing://HOST:PORT}. */
public final class RemoteProvider implements TransportProvider {

    /** For the service loader. */
    public RemoteProvider() {}

    @Override
    public String name() {
        return "lapwing server";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("lapwing");
    }

    @Override
    public List<TransportOption> options() {
        return List.of(
                new TransportOption(
                        RemoteSettings.CONNECT_TIMEOUT,
                        "a duration such as 10s",
                        "10s",
                        "How long one attempt to connect may take."),
                new TransportOption(
                        RemoteSettings.REQUEST_TIMEOUT,
                        "a duration such as 30s",
                        "30s",
                        "How long the server may take to confirm what was sent."),
                new TransportOption(
                        RemoteSettings.LANES,
                        "a number from 1 to 64",
                        "4",
                        "How many requests may be under way at once; one topic uses one."),
                new TransportOption(
                        RemoteSettings.LONGEST_PAUSE,
                        "a duration such as 5s",
                        "5s",
                        "How long the pause between two attempts to reconnect grows."),
                new TransportOption(
                        RemoteSettings.HEARTBEAT,
                        "a duration such as 2s",
                        "2s",
                        "After how long without an event a subscription asks for a sign of life;"
                                + " it connects anew when there was none five times."));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        return RemoteTransport.connect(RemoteSettings.of(uri), context);
    }
}
