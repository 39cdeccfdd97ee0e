// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Lapwing;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The real-time server: HTTP in, WebSocket out, over any {@link Lapwing}. Safe for use by many
 * threads. The server does not close the Lapwing that it was given.
 */
public final class LapwingServer implements AutoCloseable {
    private LapwingServer() {}

    /**
     * Starts a server; when this returns, it accepts connections.
     *
     * @param lapwing what messages are published to and read from. Publishing must never block: the
     *     server keeps its own limits in flight, which must be below those of this connection, or
     *     it was connected with {@link dev.lapwing.ConnectOptions.Overflow#REFUSE}
     * @throws PublicAddressException if the address can be reached from other machines and the
     *     options do not allow it
     * @throws AddressInUseException if another program listens there
     * @throws dev.lapwing.ConnectionFailedException if the address cannot be bound for another
     *     reason
     */
    public static LapwingServer start(ServerOptions options, Lapwing lapwing) {
        throw new UnsupportedOperationException();
    }

    /** Where it listens, with the port that was picked. */
    public InetSocketAddress address() {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends in order: accepts no more connections, finishes the requests in flight, and closes every
     * subscriber with the position to resume from.
     *
     * @param timeout how long that may take, zero or more
     * @return whether everything ended by itself in time
     */
    public boolean drain(Duration timeout) {
        throw new UnsupportedOperationException();
    }

    /** Drains within {@link ServerTimeouts#drain}. Closing twice does nothing. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
