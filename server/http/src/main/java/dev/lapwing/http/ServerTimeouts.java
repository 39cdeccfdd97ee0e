// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.time.Duration;

/**
 * How long clients may take. Each is between 10 ms and a day, and kept to within a tenth of a
 * second. Immutable.
 *
 * @param header from the first byte of a request to the end of its header; default 10 s
 * @param body from the end of the header to the end of the body; default 60 s
 * @param idle how long a connection may stay open between requests, and how long a client may leave
 *     its answers or its events unread; default 60 s
 * @param ping how long a subscriber may be silent before it is pinged; after three times as long
 *     without a sign of life it is closed; default 25 s
 * @param close how long a client may take to answer the close of its connection; default 5 s
 * @param drain how long {@link LapwingServer#close} waits for requests and subscribers; default 10
 *     s
 */
public record ServerTimeouts(
        Duration header,
        Duration body,
        Duration idle,
        Duration ping,
        Duration close,
        Duration drain) {

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public ServerTimeouts {
        within("header", header);
        within("body", body);
        within("idle", idle);
        within("ping", ping);
        within("close", close);
        within("drain", drain);
    }

    /** The defaults that each parameter names. */
    public static ServerTimeouts defaults() {
        return new ServerTimeouts(
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                Duration.ofSeconds(25),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    /** A copy with other times for reading one request. */
    public ServerTimeouts withRequest(Duration forHeader, Duration forBody) {
        return new ServerTimeouts(forHeader, forBody, idle, ping, close, drain);
    }

    /** A copy with another time for silence between requests and for unread answers. */
    public ServerTimeouts withIdle(Duration time) {
        return new ServerTimeouts(header, body, time, ping, close, drain);
    }

    /** A copy with another time between pings. */
    public ServerTimeouts withPing(Duration time) {
        return new ServerTimeouts(header, body, idle, time, close, drain);
    }

    /** A copy with another time for a client to answer a close. */
    public ServerTimeouts withClose(Duration time) {
        return new ServerTimeouts(header, body, idle, ping, time, drain);
    }

    /** A copy with another time for draining. */
    public ServerTimeouts withDrain(Duration time) {
        return new ServerTimeouts(header, body, idle, ping, close, time);
    }

    private static void within(String name, Duration time) {
        ServerLimits.within(name + " in ms", time.toMillis(), 10, 86_400_000);
    }
}
