// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

/**
 * What one client, and all clients together, may take of a server. Immutable.
 *
 * @param maxPayloadBytes the largest payload that is taken, in bytes, from 0 up; default 1 MiB
 * @param maxConnections how many connections may be open, from 1 up; default 20,000
 * @param maxConnectionsPerAddress how many of these may come from one IP address, from 1 up;
 *     default as many as there may be
 * @param maxSubscriberBytes how many bytes may wait for one subscriber that reads slowly, from
 *     1,024 up; default 1 MiB. One event is always let through, whatever its size
 * @param maxPublishesInFlight how many publishes may wait for the disk at once, from 1 up; default
 *     16,384. Keep it below what the {@link dev.lapwing.Lapwing} behind the server allows
 * @param maxPublishBytesInFlight how many payload bytes may wait for the disk at once, from 1 up;
 *     default 32 MiB. One publish is always let through
 */
public record ServerLimits(
        int maxPayloadBytes,
        int maxConnections,
        int maxConnectionsPerAddress,
        int maxSubscriberBytes,
        int maxPublishesInFlight,
        long maxPublishBytesInFlight) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ServerLimits {
        within("maxPayloadBytes", maxPayloadBytes, 0, Integer.MAX_VALUE / 8);
        within("maxConnections", maxConnections, 1, Integer.MAX_VALUE);
        within("maxConnectionsPerAddress", maxConnectionsPerAddress, 1, Integer.MAX_VALUE);
        within("maxSubscriberBytes", maxSubscriberBytes, 1024, Integer.MAX_VALUE);
        within("maxPublishesInFlight", maxPublishesInFlight, 1, Integer.MAX_VALUE);
        within("maxPublishBytesInFlight", maxPublishBytesInFlight, 1, Long.MAX_VALUE);
    }

    /** The defaults that each parameter names. */
    public static ServerLimits defaults() {
        return new ServerLimits(1 << 20, 20_000, Integer.MAX_VALUE, 1 << 20, 16_384, 32L << 20);
    }

    /** A copy with another payload limit, in bytes. */
    public ServerLimits withMaxPayloadBytes(int bytes) {
        return new ServerLimits(
                bytes,
                maxConnections,
                maxConnectionsPerAddress,
                maxSubscriberBytes,
                maxPublishesInFlight,
                maxPublishBytesInFlight);
    }

    /** A copy with other limits of open connections, in all and from one IP address. */
    public ServerLimits withMaxConnections(int all, int perAddress) {
        return new ServerLimits(
                maxPayloadBytes,
                all,
                perAddress,
                maxSubscriberBytes,
                maxPublishesInFlight,
                maxPublishBytesInFlight);
    }

    /** A copy with another limit of what waits for a slow subscriber, in bytes. */
    public ServerLimits withMaxSubscriberBytes(int bytes) {
        return new ServerLimits(
                maxPayloadBytes,
                maxConnections,
                maxConnectionsPerAddress,
                bytes,
                maxPublishesInFlight,
                maxPublishBytesInFlight);
    }

    /** A copy with other limits of what waits for the disk. */
    public ServerLimits withPublishesInFlight(int messages, long bytes) {
        return new ServerLimits(
                maxPayloadBytes,
                maxConnections,
                maxConnectionsPerAddress,
                maxSubscriberBytes,
                messages,
                bytes);
    }

    static void within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s is %d; it must be between %d and %d".formatted(name, value, least, most));
        }
    }
}
