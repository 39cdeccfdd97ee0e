// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.tck.Pace;
import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.NatsServer;

import java.time.Duration;
import java.util.Optional;

/** Spaces on one real server, reached through a proxy; a restart is a kill -9 and a start. */
final class NatsSpaces implements TransportUnderTest, AutoCloseable {

    private final NatsServer server = NatsServer.start();
    private final LinkProxy proxy = server.proxy();
    private final String options;

    NatsSpaces(String options) {
        this.options = options;
    }

    /**
     * What a broken link swallowed comes again after the lease, 30 s where a check names none. What
     * was confirmed last may be forgotten by a kill; a pause is longer, so that it is still running
     * then.
     */
    @Override
    public Pace pace() {
        return Pace.local()
                .withMessages(10_000)
                .withPatience(Duration.ofSeconds(45))
                .withLeaseAndPause(Duration.ofMillis(500), Duration.ofSeconds(1))
                .withAckLag(Duration.ofMillis(500));
    }

    @Override
    public Space open() {
        return new Space() {
            @Override
            public String uri() {
                return proxy.uri() + options;
            }

            @Override
            public Optional<Runnable> restart() {
                return Optional.of(server::restart);
            }

            @Override
            public Optional<Outage> outage() {
                return Optional.of(Outage.of(proxy::cut, proxy::heal));
            }

            @Override
            public Optional<Outage> silence() {
                return Optional.of(Outage.of(proxy::freeze, proxy::thaw));
            }

            @Override
            public Optional<ForeignWriter> foreign() {
                return Optional.of(NatsSpaces.this::write);
            }

            @Override
            public void close() {
                proxy.heal();
            }
        };
    }

    private void write(String topic, byte[] payload) {
        try (var client = new NatsClient(server.uri())) {
            client.connection.publish(topic, payload);
            client.flush();
        } catch (Exception e) {
            throw new AssertionError("a raw client failed", e);
        }
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
