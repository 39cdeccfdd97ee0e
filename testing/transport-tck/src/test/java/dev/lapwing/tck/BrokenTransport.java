// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.ConnectionState;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;

import java.util.List;

/**
 * A transport that is right: it hands everything on to another one. A flaw is a subclass that
 * changes one thing.
 */
class BrokenTransport implements Transport {

    final Link link;
    final Transport inner;

    BrokenTransport(Link link) {
        this.link = link;
        inner = link.connect(this::state);
    }

    /** A change of the link's state; a flaw may keep it to itself. */
    void state(ConnectionState state) {
        link.context().state().accept(state);
    }

    /** The message that is really sent. */
    Message outgoing(Message message) {
        return message;
    }

    /** The message that is really delivered. */
    Message incoming(Message message) {
        return message;
    }

    /** What the sender is told. */
    void answer(SendRequest request, PublishResult result) {
        request.complete(result);
    }

    /** What is really asked for. */
    ReceiverRequest request(ReceiverRequest request) {
        return request;
    }

    BrokenReceiver receiver(ReceiverRequest request, ReceiverListener listener) {
        return new BrokenReceiver(this, request, listener);
    }

    void send(List<? extends SendRequest> batch) {
        inner.sender().send(batch.stream().map(Changed::new).toList());
    }

    /** A send whose message and answer pass through the flaw. */
    final class Changed implements SendRequest {
        private final SendRequest request;

        Changed(SendRequest request) {
            this.request = request;
        }

        @Override
        public Message message() {
            return outgoing(request.message());
        }

        @Override
        public void complete(PublishResult result) {
            answer(request, result);
        }
    }

    @Override
    public Capabilities capabilities() {
        return inner.capabilities();
    }

    @Override
    public SettleUnit settleUnit() {
        return inner.settleUnit();
    }

    @Override
    public Sender sender() {
        return this::send;
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        BrokenReceiver receiver = receiver(request(request), listener);
        receiver.open();
        return receiver;
    }

    @Override
    public Replies replies(ReplyListener listener) {
        return inner.replies(listener);
    }

    @Override
    public Administration administration() {
        return inner.administration();
    }

    @Override
    public void close() {
        inner.close();
    }
}
