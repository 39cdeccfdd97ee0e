// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.Nats;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

import java.time.Duration;

/** NATS's own client beside Lapwing, and patience. */
final class NatsClient implements AutoCloseable {

    final Connection connection;

    NatsClient(String uri) throws Exception {
        connection = Nats.connect(uri);
    }

    JetStreamManagement management() throws Exception {
        return connection.jetStreamManagement();
    }

    void flush() throws Exception {
        connection.flush(Duration.ofSeconds(5));
    }

    static void await(ThrowingRunnable assertion) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(assertion);
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
