// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.spi.BrokerAddress;

import io.nats.client.Nats;
import io.nats.client.Options;

import java.util.Optional;

/** How the client is set up. */
final class NatsOptions {

    private NatsOptions() {}

    static Options.Builder of(NatsSettings settings) {
        BrokerAddress address = settings.address();
        String scheme = settings.tls() ? "tls://" : "nats://";
        Options.Builder options =
                new Options.Builder()
                        .servers(
                                address.hosts().stream()
                                        .map(host -> scheme + host)
                                        .toArray(String[]::new))
                        .connectionName("lapwing")
                        .supportUTF8Subjects()
                        .dataPortType(NatsSocket.class.getName())
                        .connectionTimeout(settings.connectTimeout())
                        .pingInterval(settings.heartbeat())
                        .maxReconnects(-1)
                        // Nothing is kept for later: whoever sends is told at once.
                        .reconnectBufferSize(0)
                        .maxMessagesInOutgoingQueue(0)
                        .dontForceFlushOnRequest();
        settings.credentials().ifPresent(file -> options.authHandler(Nats.credentials(file)));
        login(options, address.user(), address.password());
        if (settings.tls()) {
            options.sslContext(NatsTls.context(settings.ca()));
        }
        return options;
    }

    private static void login(
            Options.Builder options, Optional<String> user, Optional<String> password) {
        if (user.isPresent() && password.isPresent()) {
            options.userInfo(user.get().toCharArray(), password.get().toCharArray());
        } else if (user.isPresent()) {
            options.token(user.get().toCharArray());
        }
    }
}
