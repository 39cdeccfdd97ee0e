// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.ConnectOptions;
import dev.lapwing.Connector;
import dev.lapwing.Lapwing;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.Objects;

/** Opens connections over the transports of the class path. Keeps no state. */
public final class RuntimeConnector implements Connector {

    /** For the service loader. */
    public RuntimeConnector() {}

    @Override
    public Lapwing connect(String uri, ConnectOptions options) {
        Objects.requireNonNull(options, "options");
        return open(TransportUri.parse(uri), TransportDirectory.ofClassPath(), options);
    }

    /** Opens a connection over one of these transports. */
    static Lapwing open(TransportUri uri, TransportDirectory directory, ConnectOptions options) {
        return open(uri, directory, options, new SystemTimers());
    }

    static Lapwing open(
            TransportUri uri, TransportDirectory directory, ConnectOptions options, Timers timers) {
        TransportProvider provider = directory.find(uri);
        var link = new LinkState();
        TransportUri address = uri.without(BrokerWait.OPTION);
        Transport transport =
                BrokerWait.of(uri, options, timers)
                        .connect(
                                link,
                                state ->
                                        provider.connect(
                                                address,
                                                new TransportContext(
                                                        options.clock(),
                                                        options.maxPayloadBytes(),
                                                        state)));
        return new Connection(address, transport, link, options, timers);
    }
}
