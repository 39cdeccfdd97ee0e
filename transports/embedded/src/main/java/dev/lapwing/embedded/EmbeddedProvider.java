// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/**
 * Opens the log inside this process: {@code embedded:DIR} keeps it in a directory, {@code
 * memory:NAME} in memory for all connections of this process that use the name, and {@code memory:}
 * in memory for this connection alone.
 */
public final class EmbeddedProvider implements TransportProvider {
    static final String EMBEDDED = "embedded";
    static final String MEMORY = "memory";

    /** For the service loader. */
    public EmbeddedProvider() {}

    @Override
    public String name() {
        return EMBEDDED;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(EMBEDDED, MEMORY);
    }

    @Override
    public List<TransportOption> options() {
        return EmbeddedOptions.OPTIONS;
    }

    @Override
    public List<TransportMode> modes() {
        return List.of(
                new TransportMode("embedded", "embedded:data", EmbeddedCapabilities.of("embedded")),
                new TransportMode("memory", "memory:", EmbeddedCapabilities.of("memory")));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        EmbeddedOptions options = EmbeddedOptions.of(uri, context.maxPayloadBytes());
        return new EmbeddedTransport(
                uri.scheme(), EngineDirectory.acquire(uri, options, context.clock()), context);
    }
}
