// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Publishes to core subjects. A message counts as handed over when the server has answered a ping
 * that was sent behind it, one ping for all that were sent meanwhile; so what a broken link may
 * have swallowed is told as unknown.
 */
final class NatsCoreSender implements Sender {

    private final NatsLink link;
    private final NatsReplyAddress replies;
    private List<SendRequest> sent = new ArrayList<>();
    private boolean flushing;

    /** How many links had broken before the first of them was sent. */
    private long before;

    NatsCoreSender(NatsLink link, NatsReplyAddress replies) {
        this.link = link;
        this.replies = replies;
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        long breaks = link.breaks();
        var taken = new ArrayList<SendRequest>(batch.size());
        for (SendRequest request : batch) {
            if (publish(request)) {
                taken.add(request);
            }
        }
        if (!taken.isEmpty()) {
            enlist(taken, breaks);
        }
    }

    private boolean publish(SendRequest request) {
        var message = request.message();
        NatsHeaders headers = NatsHeaders.passed(message);
        byte[] payload = message.payload();
        long size = (long) headers.serializedLength() + payload.length;
        if (size > link.largest()) {
            request.complete(NatsSender.tooLarge(size, link.largest()));
            return false;
        }
        if (!link.publish(message.topic(), replies.of(message), headers, payload)) {
            request.complete(NatsSender.down(link));
            return false;
        }
        return true;
    }

    private synchronized void enlist(List<SendRequest> taken, long breaks) {
        before = sent.isEmpty() ? breaks : Math.min(before, breaks);
        sent.addAll(taken);
        if (!flushing) {
            flushing = true;
            Thread.ofVirtual().name("lapwing-nats-flush").start(this::flush);
        }
    }

    private void flush() {
        for (Turn turn = next(); !turn.sent().isEmpty(); turn = next()) {
            String failure = null;
            try {
                link.flush();
            } catch (LapwingException e) {
                failure = e.getMessage();
            }
            if (failure == null && link.breaks() != turn.before()) {
                failure = "the link to NATS at " + link.shown() + " broke";
            }
            for (SendRequest each : turn.sent()) {
                each.complete(
                        failure == null
                                ? PublishResult.stored(
                                        each.message().id().orElse(""), Optional.empty(), false)
                                : new PublishResult.Unknown(failure));
            }
        }
    }

    private synchronized Turn next() {
        var turn = new Turn(sent, before);
        sent = new ArrayList<>();
        flushing = !turn.sent().isEmpty();
        return turn;
    }

    /** What one ping is sent behind. */
    private record Turn(List<SendRequest> sent, long before) {}
}
