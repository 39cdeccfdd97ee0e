// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.SendRequest;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Transports with a way of replies of their own, which goes wrong. */
final class BrokenReplies {
    private BrokenReplies() {}

    /** Answers something else, or somewhere else. */
    static final class ChangesReplies extends BrokenTransport {
        private final UnaryOperator<Message> change;

        ChangesReplies(Link link, UnaryOperator<Message> change) {
            super(link);
            this.change = change;
        }

        @Override
        Message outgoing(Message message) {
            return change.apply(message);
        }

        @Override
        public Replies replies(ReplyListener listener) {
            return new Passed(inner.replies(listener)) {
                @Override
                public void answer(SendRequest reply) {
                    super.answer(new Changed(reply));
                }
            };
        }
    }

    /** Remembers the first asker, and answers everybody there. */
    static final class KnowsOneAsker {
        private final List<String> first = new CopyOnWriteArrayList<>();

        Message change(Message message) {
            if (message.replyTo().isPresent() || message.correlationId().isEmpty()) {
                return message;
            }
            first.add(message.topic());
            return message.copyTo(first.getFirst()).build();
        }
    }

    /** Keeps it to itself that nobody listens. */
    static final class KeepsSilent extends BrokenTransport {
        KeepsSilent(Link link) {
            super(link);
        }

        @Override
        void answer(SendRequest request, PublishResult result) {
            boolean refused = result instanceof PublishResult.Refused;
            super.answer(
                    request,
                    refused && request.message().replyTo().isPresent()
                            ? PublishResult.stored("hopefully", Optional.empty(), false)
                            : result);
        }

        @Override
        public Replies replies(ReplyListener listener) {
            return inner.replies(
                    new ReplyListener() {
                        @Override
                        public void reply(String correlationId, Message reply) {
                            listener.reply(correlationId, reply);
                        }

                        @Override
                        public void nobodyListens(String correlationId) {}
                    });
        }
    }

    /** A way of replies that is right. */
    private static class Passed implements Replies {
        private final Replies inner;

        Passed(Replies inner) {
            this.inner = inner;
        }

        @Override
        public String address() {
            return inner.address();
        }

        @Override
        public void answer(SendRequest reply) {
            inner.answer(reply);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
