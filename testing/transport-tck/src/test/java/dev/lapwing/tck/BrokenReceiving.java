// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.ReceiverRequest;

import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Transports that ask for something else than they were told. */
final class BrokenReceiving {
    private BrokenReceiving() {}

    /** A transport that asks for something else. */
    static final class Asks extends BrokenTransport {
        private final UnaryOperator<ReceiverRequest> change;

        Asks(Link link, UnaryOperator<ReceiverRequest> change) {
            super(link);
            this.change = change;
        }

        @Override
        ReceiverRequest request(ReceiverRequest request) {
            return change.apply(request);
        }
    }

    static ReceiverRequest from(ReceiverRequest request, StartAt start) {
        return new ReceiverRequest(
                request.topics(), request.group(), start, request.lease(), request.credit());
    }

    static ReceiverRequest inGroup(ReceiverRequest request, String group) {
        return new ReceiverRequest(
                request.topics(),
                Optional.of(group),
                request.start(),
                request.lease(),
                request.credit());
    }

    static ReceiverRequest ownGroup(ReceiverRequest request) {
        return request.group().isPresent()
                ? inGroup(request, UUID.randomUUID().toString())
                : request;
    }

    /** Begins one message too early. */
    static ReceiverRequest oneEarlier(ReceiverRequest request) {
        return request.start() instanceof StartAt.After after
                ? from(
                        request,
                        StartAt.after(
                                new Position("" + (Long.parseLong(after.position().token()) - 1))))
                : request;
    }

    static ReceiverRequest anyPosition(ReceiverRequest request) {
        return request.start() instanceof StartAt.After
                ? from(request, StartAt.earliest())
                : request;
    }

    static ReceiverRequest starAsTail(ReceiverRequest request) {
        String text = request.topics().toString();
        return text.endsWith(".*")
                ? new ReceiverRequest(
                        TopicPattern.parse(text.substring(0, text.length() - 1) + ">"),
                        request.group(),
                        request.start(),
                        request.lease(),
                        request.credit())
                : request;
    }

    static ReceiverRequest withLease(ReceiverRequest request, java.time.Duration lease) {
        return new ReceiverRequest(
                request.topics(), request.group(), request.start(), lease, request.credit());
    }
}
