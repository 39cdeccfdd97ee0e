// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.PublishResult;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;

import java.util.UUID;
import java.util.function.BooleanSupplier;

/** The broker's own way of replies: an address, which is no topic, that one connection hears. */
final class ReferenceReplies implements Replies {
    private final BrokerState broker;
    private final BooleanSupplier up;
    private final String address = "asker " + UUID.randomUUID();

    /**
     * Opens an address.
     *
     * @param up whether the link is up; asked on the loop
     */
    ReferenceReplies(BrokerState broker, BooleanSupplier up, ReplyListener listener) {
        this.broker = broker;
        this.up = up;
        broker.loop.run(() -> broker.replies.put(address, listener));
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void answer(SendRequest reply) {
        broker.loop.execute(() ->
                reply.complete(
                        up.getAsBoolean()
                                ? broker.reply(reply.message())
                                : new PublishResult.Refused("the link is down", true)));
    }

    @Override
    public void close() {
        broker.loop.run(() -> broker.replies.remove(address));
    }
}
