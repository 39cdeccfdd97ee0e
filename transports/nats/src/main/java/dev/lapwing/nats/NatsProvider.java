// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/**
 * Connects to NATS: {@code nats://host:4222}, with TLS {@code tls://host:4222}. Messages go through
 * JetStream, or with {@code ?mode=core} through core subjects that keep nothing.
 */
public final class NatsProvider implements TransportProvider {

    static final String NAME = "nats";

    /** For the service loader. */
    public NatsProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("nats", "tls", "nats+tls");
    }

    @Override
    public List<TransportOption> options() {
        return NatsSettings.OPTIONS;
    }

    @Override
    public List<TransportMode> modes() {
        String uri = "nats://localhost";
        return List.of(
                new TransportMode(
                        "nats",
                        uri,
                        NatsCapabilities.jetStream(NatsSettings.of(TransportUri.parse(uri)))),
                new TransportMode("nats, core", uri + "?mode=core", NatsCapabilities.core()));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        NatsSettings settings = NatsSettings.of(uri);
        NatsLink link = NatsLink.open(settings, context);
        if (settings.core()) {
            return new NatsCoreTransport(link, settings);
        }
        try {
            return new NatsJetStreamTransport(link, settings);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }
}
