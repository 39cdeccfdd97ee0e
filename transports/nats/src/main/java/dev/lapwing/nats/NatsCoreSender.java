// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import io.nats.client.Message;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Publishes to core subjects. A message counts as handed over when an echo that was sent behind it
 * has come back from the server; so what a broken link may have swallowed is told as unknown.
 *
 * <p>Messages share an echo. While one is under way the next messages gather behind it, and when
 * enough have gathered they get one of their own: so that a publisher with a full window does not
 * stand still for the way to the server and back.
 */
final class NatsCoreSender implements Sender {
    private static final int ENOUGH = 256;

    private final NatsLink link;
    private final NatsReplyAddress replies;
    private Turn gathering = new Turn();
    private int underWay;

    NatsCoreSender(NatsLink link, NatsReplyAddress replies) {
        this.link = link;
        this.replies = replies;
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        long breaks = link.breaks();
        long now = System.nanoTime();
        for (SendRequest request : batch) {
            if (publish(request)) {
                gather(request, breaks, now);
            }
        }
    }

    private boolean publish(SendRequest request) {
        var message = request.message();
        @Nullable NatsHeaders headers = NatsHeaders.passed(message, link.now());
        byte[] payload = message.payload();
        long size = (long) payload.length + (headers == null ? 0 : headers.serializedLength());
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

    private void gather(SendRequest request, long breaks, long now) {
        Turn due;
        synchronized (this) {
            gathering.add(request, breaks, now);
            due = underWay == 0 || gathering.sent.size() >= ENOUGH ? begin() : null;
        }
        if (due != null) {
            due.echo();
        }
    }

    private Turn begin() {
        Turn due = gathering;
        gathering = new Turn();
        underWay++;
        return due;
    }

    private synchronized @Nullable Turn next() {
        underWay--;
        return underWay == 0 && !gathering.sent.isEmpty() ? begin() : null;
    }

    /** The messages that one echo is sent behind. */
    private final class Turn implements NatsAnswer {
        private final List<SendRequest> sent = new ArrayList<>();

        /** How many links had broken before the first of them was sent, and when that was. */
        private long before = Long.MAX_VALUE;

        private long begun;

        void add(SendRequest request, long breaks, long now) {
            begun = sent.isEmpty() || now - begun < 0 ? now : begun;
            before = Math.min(before, breaks);
            sent.add(request);
        }

        void echo() {
            if (!link.echo(this)) {
                unknown(broken());
            }
        }

        @Override
        public void answered(Message echo) {
            if (link.breaks() != before) {
                unknown(broken());
                return;
            }
            goOn();
            link.awaitErrors();
            Map<String, String> refusals = refusals();
            for (SendRequest each : sent) {
                String refusal = refusals.get(each.message().topic());
                String id = each.message().id().orElse("");
                each.complete(
                        refusal == null
                                ? PublishResult.stored(id, Optional.empty(), false)
                                : new PublishResult.Refused("NATS says: " + refusal, false));
            }
        }

        private Map<String, String> refusals() {
            List<NatsErrorListener.Denied> denied = link.deniedSince(begun);
            return denied.isEmpty()
                    ? Map.of()
                    : denied.stream()
                            .filter(NatsErrorListener.Denied::publish)
                            .collect(
                                    Collectors.toMap(
                                            NatsErrorListener.Denied::subject,
                                            NatsErrorListener.Denied::text));
        }

        @Override
        public void unknown(String reason) {
            goOn();
            var result = new PublishResult.Unknown(reason);
            sent.forEach(each -> each.complete(result));
        }

        private String broken() {
            return "the link to NATS at " + link.shown() + " broke";
        }

        private void goOn() {
            Turn due = next();
            if (due != null) {
                due.echo();
            }
        }
    }
}
