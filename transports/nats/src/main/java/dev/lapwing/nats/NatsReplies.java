// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;

import io.nats.client.Dispatcher;
import io.nats.client.Message;

import java.util.List;
import java.util.Optional;

/** Replies over an inbox of core NATS. Safe for use by many threads. */
final class NatsReplies implements Replies {

    private final NatsLink link;
    private final NatsCoreSender sender;
    private final NatsReplyAddress own;
    private final ReplyListener listener;
    private final String address;
    private final Dispatcher dispatcher;

    NatsReplies(
            NatsLink link, NatsCoreSender sender, NatsReplyAddress own, ReplyListener listener) {
        this.link = link;
        this.sender = sender;
        this.own = own;
        this.listener = listener;
        address = link.connection().createInbox();
        own.open(address);
        dispatcher = link.connection().createDispatcher();
        dispatcher.setPendingLimits(-1, -1);
        dispatcher.subscribe(address + ".*", this::take);
        link.flush();
    }

    private void take(Message message) {
        Optional<String> correlation = own.correlation(message.getSubject());
        if (correlation.isEmpty()) {
            return;
        }
        if (message.isStatusMessage()) {
            if (message.getStatus().getCode() == NatsErrors.NO_RESPONDERS) {
                listener.nobodyListens(correlation.get());
            }
        } else {
            listener.reply(
                    correlation.get(), new NatsArrived(message, link.now(), message.getReplyTo()));
        }
    }

    @Override
    public String address() {
        return address;
    }

    @Override
    public void answer(SendRequest reply) {
        sender.send(List.of(reply));
    }

    @Override
    public void close() {
        link.subscriptions().close(dispatcher);
    }
}
