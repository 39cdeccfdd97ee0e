// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.ConnectionState;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import java.util.function.Consumer;

/** What a broken transport connects with. */
record Link(ReferenceBroker broker, TransportContext context) {

    /** Connects to the broker as it should be, with another ear for its state. */
    Transport connect(Consumer<ConnectionState> state) {
        return broker.connect(
                new TransportContext(context.clock(), context.maxPayloadBytes(), state));
    }
}
