// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The first connection to a server. When the server refuses the login, the client still waits until
 * its time is over; here that ends at once, and what comes of the client later is closed.
 */
final class NatsDial {

    private NatsDial() {}

    /**
     * Connects.
     *
     * @param endsAtOnce whether the first refusal is the end; there may be other servers
     */
    static Connection connect(Options options, NatsErrorListener errors, boolean endsAtOnce)
            throws IOException, InterruptedException {
        var connected = new CompletableFuture<Connection>();
        if (endsAtOnce) {
            errors.onRefusal(refusal -> connected.completeExceptionally(refusal));
        }
        Thread.ofVirtual().name("lapwing-nats-connect").start(() -> dial(options, connected));
        try {
            return connected.get();
        } catch (InterruptedException e) {
            connected.cancel(false);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException told ? told : new IOException(e.getCause());
        } finally {
            errors.onRefusal(refusal -> {});
        }
    }

    private static void dial(Options options, CompletableFuture<Connection> connected) {
        try {
            Connection connection = Nats.connect(options);
            if (!connected.complete(connection)) {
                connection.close();
            }
        } catch (Throwable e) {
            // Whatever it is: somebody waits for the end of this.
            connected.completeExceptionally(e);
        }
    }
}
