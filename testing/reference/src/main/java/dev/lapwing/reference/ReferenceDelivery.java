// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.time.Instant;
import java.util.Optional;

/** A delivery, and what the broker knows of it. The state is touched on the loop only. */
final class ReferenceDelivery implements Received {

    enum State {
        OPEN,
        SETTLED,
        LOST
    }

    final Ledger ledger;
    final ReferenceReceiver receiver;
    final Entry entry;
    Instant leaseEnds;
    State state = State.OPEN;

    private final int attempt;
    private final Optional<Position> position;

    ReferenceDelivery(
            Ledger ledger,
            ReferenceReceiver receiver,
            Entry entry,
            int attempt,
            Instant leaseEnds,
            Optional<Position> position) {
        this.ledger = ledger;
        this.receiver = receiver;
        this.entry = entry;
        this.attempt = attempt;
        this.leaseEnds = leaseEnds;
        this.position = position;
    }

    @Override
    public Message message() {
        return entry.message();
    }

    @Override
    public Optional<Position> position() {
        return position;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public int partition() {
        return entry.partition();
    }

    @Override
    public boolean isLastDelivery() {
        return attempt >= ledger.broker.lastAttempt;
    }

    @Override
    public String toString() {
        return "%s at %s, attempt %d".formatted(message(), position, attempt);
    }
}
