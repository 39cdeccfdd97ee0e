// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.time.Duration;
import java.util.Set;

/**
 * How a {@link LapwingServer} listens, what it allows and how long it waits. Immutable; each {@code
 * with} method gives a changed copy.
 *
 * @param host the address to bind; default {@code 127.0.0.1}
 * @param port the port to bind, 0 to 65,535, where 0 picks a free one; default 3030
 * @param allowPublicAddress whether an address that other machines can reach may be bound although
 *     there is no authentication; default false
 * @param allowedOrigins the web origins, such as {@code https://example.org}, whose pages may use
 *     the server besides its own; {@code *} allows every page; default none
 * @param limits what one client and all clients together may take
 * @param timeouts how long clients may take
 * @param eventLoops how many threads serve the sockets, 0 to 256, where 0 takes one for each
 *     processor; default 0
 */
public record ServerOptions(
        String host,
        int port,
        boolean allowPublicAddress,
        Set<String> allowedOrigins,
        ServerLimits limits,
        ServerTimeouts timeouts,
        int eventLoops) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ServerOptions {
        ServerLimits.within("port", port, 0, 65_535);
        ServerLimits.within("eventLoops", eventLoops, 0, 256);
        allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** The defaults that each parameter names. */
    public static ServerOptions defaults() {
        return new ServerOptions(
                "127.0.0.1",
                3030,
                false,
                Set.of(),
                ServerLimits.defaults(),
                ServerTimeouts.defaults(),
                0);
    }

    /** A copy that binds another address. */
    public ServerOptions withHost(String address) {
        return new ServerOptions(
                address, port, allowPublicAddress, allowedOrigins, limits, timeouts, eventLoops);
    }

    /** A copy that binds another port; 0 picks a free one. */
    public ServerOptions withPort(int number) {
        return new ServerOptions(
                host, number, allowPublicAddress, allowedOrigins, limits, timeouts, eventLoops);
    }

    /** A copy that may or may not bind an address that other machines can reach. */
    public ServerOptions withAllowPublicAddress(boolean allow) {
        return new ServerOptions(host, port, allow, allowedOrigins, limits, timeouts, eventLoops);
    }

    /** A copy that serves the pages of other web origins; {@code *} serves every page. */
    public ServerOptions withAllowedOrigins(Set<String> origins) {
        return new ServerOptions(
                host, port, allowPublicAddress, origins, limits, timeouts, eventLoops);
    }

    /** A copy with other limits. */
    public ServerOptions withLimits(ServerLimits changed) {
        return new ServerOptions(
                host, port, allowPublicAddress, allowedOrigins, changed, timeouts, eventLoops);
    }

    /** A copy with another payload limit, in bytes. */
    public ServerOptions withMaxPayloadBytes(int bytes) {
        return withLimits(limits.withMaxPayloadBytes(bytes));
    }

    /** A copy with other time-outs. */
    public ServerOptions withTimeouts(ServerTimeouts changed) {
        return new ServerOptions(
                host, port, allowPublicAddress, allowedOrigins, limits, changed, eventLoops);
    }

    /** A copy in which {@link LapwingServer#close} drains for another time. */
    public ServerOptions withDrainTimeout(Duration time) {
        return withTimeouts(timeouts.withDrain(time));
    }

    /** A copy with another number of threads for the sockets. */
    public ServerOptions withEventLoops(int threads) {
        return new ServerOptions(
                host, port, allowPublicAddress, allowedOrigins, limits, timeouts, threads);
    }
}
