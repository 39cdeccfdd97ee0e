// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.util.Optional;

/** A message that came; there is nothing about it that could be settled. */
record ZeromqDelivery(Message message) implements Received {

    @Override
    public Optional<Position> position() {
        return Optional.empty();
    }

    @Override
    public int attempt() {
        return 1;
    }
}
