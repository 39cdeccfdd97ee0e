// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;

import java.time.Duration;

/** jnats without JetStream: a publish is done when the client has taken it. */
final class RawCoreNats implements RawClient {
    private final Connection connection;

    RawCoreNats(String uri) throws Exception {
        connection = Nats.connect(Options.builder().server(Load.withoutQuery(uri)).build());
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        return new Outlet() {
            @Override
            public void publish(byte[] payload) {
                connection.publish(topic, payload);
                window.leave(1);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler)
            throws Exception {
        Dispatcher dispatcher =
                connection
                        .createDispatcher(message -> handler.handle(message.getData()))
                        .subscribe(topic);
        connection.flush(Duration.ofSeconds(10));
        return () -> connection.closeDispatcher(dispatcher);
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}
