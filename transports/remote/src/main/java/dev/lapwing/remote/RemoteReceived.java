// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.util.Optional;

/**
 * An event of the server. The server keeps no account of deliveries: there is nothing to settle.
 */
record RemoteReceived(Message message, Optional<Position> position) implements Received {

    @Override
    public int attempt() {
        return 1;
    }
}
