// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import java.util.List;

/**
 * The endpoints of a socket.
 *
 * @param endpoints at least one, in JeroMQ's notation: {@code tcp://127.0.0.1:5555}
 * @param binds whether the socket opens them; otherwise it connects to all of them
 */
record ZeromqEnds(List<String> endpoints, boolean binds) {

    /** For people, without the protocol. */
    @Override
    public String toString() {
        return String.join(",", endpoints).replace("tcp://", "");
    }
}
