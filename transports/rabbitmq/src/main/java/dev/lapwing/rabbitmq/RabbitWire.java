// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Connection;

import java.io.IOException;
import java.net.Socket;

/**
 * A connection and its socket. The client closes a connection in order, behind what is being
 * written; where the other side reads no more that never ends, and only closing the socket does.
 */
record RabbitWire(Connection connection, Socket socket) {
    private static final int LINGER_SECONDS = 1;

    /** Ends what is being written and read, with an error. */
    void cut() {
        try {
            // Closing a TLS socket waits no longer than this for who writes.
            socket.setSoLinger(true, LINGER_SECONDS);
        } catch (IOException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone, which is what was wanted.
        }
    }
}
