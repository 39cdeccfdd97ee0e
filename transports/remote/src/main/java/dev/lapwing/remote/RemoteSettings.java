// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;

/**
 * What a connection URI says.
 *
 * @param server where the server listens
 * @param connectTimeout how long one attempt to connect may take
 * @param requestTimeout how long a confirmation may take
 * @param lanes how many requests may be under way at once
 * @param longestPause how long the pause between two attempts to reconnect grows
 * @param heartbeat after how long without a frame a WebSocket is asked for a sign of life
 */
record RemoteSettings(
        ServerAddress server,
        Duration connectTimeout,
        Duration requestTimeout,
        int lanes,
        Duration longestPause,
        Duration heartbeat) {

    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String REQUEST_TIMEOUT = "request-timeout";
    static final String LANES = "lanes";
    static final String HEARTBEAT = "heartbeat";
    static final String LONGEST_PAUSE = "longest-pause";

    /**
     * Reads the URI.
     *
     * @throws InvalidUriException if the address or a value is not valid
     */
    static RemoteSettings of(TransportUri uri) {
        return new RemoteSettings(
                ServerAddress.of(uri),
                positive(uri, CONNECT_TIMEOUT, Duration.ofSeconds(10)),
                positive(uri, REQUEST_TIMEOUT, Duration.ofSeconds(30)),
                (int) uri.number(LANES, 4, 1, 64),
                positive(uri, LONGEST_PAUSE, Duration.ofSeconds(5)),
                positive(uri, HEARTBEAT, Duration.ofSeconds(2)));
    }

    private static Duration positive(TransportUri uri, String name, Duration standard) {
        Duration value = uri.duration(name, standard);
        if (!value.isPositive()) {
            throw new InvalidUriException(
                    "Option '%s' is %s in %s; it must be above zero"
                            .formatted(name, value.toMillis() + "ms", uri));
        }
        return value;
    }
}
