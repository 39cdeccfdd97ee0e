// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * The answers that a link awaits: one inbox for all of them, told apart by a number. Safe for use
 * by many threads.
 */
final class NatsAnswers {

    private static final int RADIX = 36;

    /** An answer that is awaited, by its number, and when waiting ends. */
    private record Awaited(String subject, NatsAnswer answer, long until) {}

    private final String prefix;
    private final Dispatcher dispatcher;
    private final long patience;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Awaited> awaited = new ConcurrentHashMap<>();

    NatsAnswers(Connection connection, Duration patience) {
        this.patience = patience.toNanos();
        prefix = connection.createInbox() + ".";
        dispatcher = connection.createDispatcher();
        dispatcher.setPendingLimits(-1, -1);
        dispatcher.subscribe(prefix + "*", this::take);
    }

    /** Begins to await an answer; gives its number. */
    long await(String subject, NatsAnswer answer) {
        long number = numbers.incrementAndGet();
        awaited.put(number, new Awaited(subject, answer, System.nanoTime() + patience));
        return number;
    }

    /** The address of the answer of this number. */
    String address(long number) {
        return prefix + Long.toString(number, RADIX);
    }

    /** Forgets an answer; false if it has come already. */
    boolean forget(long number) {
        return awaited.remove(number) != null;
    }

    private void take(Message message) {
        String subject = message.getSubject();
        long number;
        try {
            number = Long.parseLong(subject, prefix.length(), subject.length(), RADIX);
        } catch (NumberFormatException notOurs) {
            return;
        }
        Awaited each = awaited.remove(number);
        if (each != null) {
            each.answer().answered(message);
        }
    }

    /** Gives up what has waited for too long. */
    void sweep(String reason) {
        long now = System.nanoTime();
        end(each -> each.until() - now < 0, reason);
    }

    /** Gives up what was sent to a subject. */
    List<NatsAnswer> takeBack(String subject) {
        var taken = new ArrayList<NatsAnswer>();
        awaited.forEach((number, each) -> {
            if (each.subject().equals(subject) && awaited.remove(number, each)) {
                taken.add(each.answer());
            }
        });
        return taken;
    }

    /** Gives up everything. */
    void end(String reason) {
        end(each -> true, reason);
    }

    private void end(Predicate<Awaited> which, String reason) {
        awaited.forEach((number, each) -> {
            if (which.test(each) && awaited.remove(number, each)) {
                each.answer().unknown(reason);
            }
        });
    }
}
