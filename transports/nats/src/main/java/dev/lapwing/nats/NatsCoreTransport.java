// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;

import java.util.function.Consumer;

/** One connection to core NATS, which keeps nothing. */
final class NatsCoreTransport extends NatsTransport {

    private final NatsSettings settings;
    private final NatsCoreSender sender;

    NatsCoreTransport(NatsLink link, NatsSettings settings) {
        super(link);
        this.settings = settings;
        sender = new NatsCoreSender(link, address);
    }

    @Override
    public Capabilities capabilities() {
        return NatsCapabilities.core();
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.NONE;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    Receiver open(ReceiverRequest request, ReceiverListener listener, Consumer<Receiver> onClose) {
        return new NatsCoreReceiver(link, request, settings.buffer(), listener, onClose);
    }

    @Override
    public Administration administration() {
        throw new UnsupportedCapabilityException(
                "nats core",
                Capability.ADMINISTRATION,
                capabilities().entry(Capability.ADMINISTRATION).note());
    }
}
