// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Delivery;
import dev.lapwing.Message;
import dev.lapwing.MessageHandler;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler that writes down what it gets and accepts it, unless it is told to do more. */
final class Inbox implements MessageHandler {

    /** One call of the handler. */
    record Handled(Message message, int attempt, Delivery delivery) {}

    private final List<Handled> handled = new CopyOnWriteArrayList<>();
    private final MessageHandler andThen;

    Inbox() {
        this(delivery -> {});
    }

    Inbox(MessageHandler andThen) {
        this.andThen = andThen;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        handled.add(new Handled(delivery.message(), delivery.attempt(), delivery));
        andThen.handle(delivery);
    }

    List<Handled> all() {
        return List.copyOf(handled);
    }

    List<String> texts() {
        return handled.stream().map(each -> each.message().text()).toList();
    }

    List<Message> messages() {
        return handled.stream().map(Handled::message).toList();
    }

    List<Integer> attempts() {
        return handled.stream().map(Handled::attempt).toList();
    }
}
