// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.DeadLetter;
import dev.lapwing.DeadLetters;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** Handlers that fail, and what becomes of their messages. */
public interface RetryChecks extends Conformance {

    /** Each fails once. */
    @Check(
            proves = {Clause.RETRY, Clause.FLOOR, Clause.EXACT_ACCOUNT},
            flaw = "loses the message of a handler that throws")
    default void handlerThatThrowsLosesNothing() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("throws");
        if (bench().refusesGroups(topic)) {
            return;
        }
        Set<String> failed = ConcurrentHashMap.newKeySet();
        var handled = new CopyOnWriteArrayList<String>();
        Subscription subscription =
                lapwing.subscribe(topic)
                        .group(bench().group("g"))
                        .retry(quick().upTo(5))
                        .concurrency(4)
                        .handle(delivery -> {
                            if (failed.add(delivery.text())) {
                                throw new IllegalStateException("first attempt");
                            }
                            handled.add(delivery.text());
                        });
        List<String> texts = bench().publishNumbered(topic, 0, 60);
        bench().awaitAndHold(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(texts));
        bench().await(() ->
                assertThat(subscription.statistics().inFlight()).as("in flight").isZero());
        assertThat(subscription.statistics().deadLettered()).isZero();
    }

    /** Also where nothing is remembered, the process that has it tries again. */
    @Check(proves = Clause.RETRY, flaw = "loses what fails in a subscription without a group")
    default void plainSubscriberTriesAgainToo() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("plain");
        var inbox =
                new Inbox(delivery -> {
                    if (delivery.text().equals("m1") && delivery.attempt() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                });
        lapwing.subscribe(topic).retry(quick().upTo(5)).handle(inbox);
        bench().publishNumbered(topic, 0, 3);
        bench().awaitAndHold(() ->
                assertThat(inbox.texts()).containsExactlyInAnyOrder("m0", "m1", "m1", "m1", "m2"));
        assertThat(attemptsOf("m1", inbox)).containsExactly(1, 2, 3);
    }

    /** One fails for ever between good ones; nothing is committed past it. */
    @Check(
            proves = {Clause.FLOOR, Clause.RETRY, Clause.GROUP_REMEMBERS},
            flaw = "commits past a failure: the next success takes the failed message with it")
    default void failedMessageIsNotCommittedPast() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("hole");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var first =
                new Inbox(delivery -> {
                    if (delivery.text().equals("m3")) {
                        throw new IllegalStateException("always");
                    }
                });
        Subscription failing =
                lapwing.subscribe(topic)
                        .group(group)
                        .retry(Retry.fixed(bench().pace().pause()).forever())
                        .concurrency(4)
                        .handle(first);
        List<String> texts = bench().publishNumbered(topic, 0, 20);
        bench().await(() -> assertThat(first.texts()).containsAll(texts));
        failing.close();
        var second = new Inbox();
        lapwing.subscribe(topic).group(group).handle(second);
        bench().awaitAndHold(() -> assertThat(second.texts()).contains("m3"));
    }

    /** Poison, retries, dead letter, list, redrive, handled. */
    @Check(
            proves = {Clause.REJECT, Clause.REDRIVE, Clause.ATTEMPTS, Clause.INTACT},
            flaw = "loses a poisoned message between its last attempt and its redrive")
    default void poisonBecomesADeadLetterAndIsRedriven() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("poison");
        String group = bench().group("g");
        if (bench().refusesGroups(topic) || refusesDeadLetters(topic)) {
            return;
        }
        var mended = new AtomicBoolean();
        var inbox =
                new Inbox(delivery -> {
                    if (delivery.text().equals("poison") && !mended.get()) {
                        throw new IllegalStateException("cannot digest 订单");
                    }
                });
        var others = new Inbox();
        lapwing.subscribe(topic).group(group).retry(quick().upTo(3)).handle(inbox);
        lapwing.subscribe(topic).group(bench().group("other")).handle(others);
        var poison = Message.to(topic).text("poison");
        lapwing.publish(bench().has(Capability.KEYS) ? poison.key("k").build() : poison.build());
        lapwing.publish(topic, "food");
        DeadLetters dead = lapwing.deadLetters(topic, group);
        bench().await(() -> assertThat(dead.count()).isEqualTo(1));
        assertThat(inbox.texts()).containsExactlyInAnyOrder("poison", "poison", "poison", "food");
        assertThat(attemptsOf("poison", inbox)).containsExactly(1, 2, 3);
        assertLetter(dead.list(10), topic, group);
        mended.set(true);
        assertThat(dead.redrive()).isEqualTo(1);
        bench().awaitAndHold(() -> {
            assertThat(inbox.texts()).hasSize(5);
            assertThat(inbox.texts().getLast()).isEqualTo("poison");
            assertThat(others.texts())
                    .as("another group sees the redriven message again")
                    .containsExactlyInAnyOrder("poison", "food");
        });
        bench().await(() -> assertThat(dead.count()).isZero());
    }

    private static List<Integer> attemptsOf(String text, Inbox inbox) {
        return inbox.all().stream()
                .filter(each -> each.message().text().equals(text))
                .map(Inbox.Handled::attempt)
                .toList();
    }

    private static void assertLetter(List<DeadLetter> letters, String topic, String group) {
        assertThat(letters).hasSize(1);
        DeadLetter letter = letters.getFirst();
        assertThat(letter.message().text()).isEqualTo("poison");
        assertThat(letter.topic()).isEqualTo(topic);
        assertThat(letter.group()).isEqualTo(group);
        assertThat(letter.reason()).contains("cannot digest 订单");
        assertThat(letter.attempts()).isEqualTo(3);
    }

    /** No attempt is wasted on it, and its bytes stay. */
    @Check(
            proves = {Clause.REJECT, Clause.INTACT},
            flaw = "does not keep a rejected message whole")
    default void rejectedMessageIsKeptWhole() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("reject");
        String group = bench().group("g");
        if (bench().refusesGroups(topic) || refusesDeadLetters(topic)) {
            return;
        }
        var seen = new CopyOnWriteArrayList<String>();
        lapwing.subscribe(topic)
                .group(group)
                .decide(delivery -> {
                    seen.add(delivery.text());
                    return Outcome.reject("not for us");
                });
        byte[] bytes = {0, -1, -2, 'x', 0};
        var message = Message.to(topic).payload(bytes);
        boolean headers = bench().has(Capability.HEADERS);
        lapwing.publish(
                headers ? message.header("a", "1").header("a", "2").build() : message.build());
        DeadLetters dead = lapwing.deadLetters(topic, group);
        bench().await(() -> assertThat(dead.list(10)).hasSize(1));
        DeadLetter letter = dead.list(10).getFirst();
        assertThat(letter.message().payload()).isEqualTo(bytes);
        assertThat(letter.message().headers().size()).as("headers").isEqualTo(headers ? 2 : 0);
        assertThat(letter.reason()).contains("not for us");
        assertThat(letter.attempts()).isEqualTo(1);
        assertThat(seen).hasSize(1);
        assertThat(dead.purge()).isEqualTo(1);
        assertThat(dead.count()).isZero();
    }

    /** "Later" is later, and no failure. */
    @Check(
            proves = {Clause.GIVE_BACK, Clause.ATTEMPTS},
            flaw = "brings a message back too early when its handler said later, or counts it")
    default void laterIsLaterAndCountsNoAttempt() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("later");
        if (bench().refusesGroups(topic)) {
            return;
        }
        Duration pause = bench().pace().pause();
        var times = new CopyOnWriteArrayList<Long>();
        var attempts = new CopyOnWriteArrayList<Integer>();
        lapwing.subscribe(topic)
                .group(bench().group("g"))
                .retry(Retry.never())
                .decide(delivery -> {
                    times.add(System.nanoTime());
                    attempts.add(delivery.attempt());
                    return times.size() == 1 ? Outcome.retryAfter(pause) : Outcome.accept();
                });
        lapwing.publish(topic, "busy");
        bench().awaitAndHold(() -> assertThat(times).hasSize(2));
        assertThat(Duration.ofNanos(times.get(1) - times.get(0)))
                .isGreaterThanOrEqualTo(pause.minus(SettleScene.CLOCK_GRAIN));
        assertThat(attempts).containsExactly(1, 1);
    }

    /** Item 7 of a batch. */
    @Check(
            proves = {Clause.BATCHES, Clause.RETRY},
            flaw = "loses or repeats others when one message of a batch fails")
    default void oneFailureInABatchIsOneRetry() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("batch");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var handled = new CopyOnWriteArrayList<String>();
        var failures = new CopyOnWriteArrayList<Integer>();
        lapwing.subscribe(topic)
                .group(bench().group("g"))
                .retry(quick().upTo(5))
                .handleBatch(
                        10,
                        Duration.ofMillis(50),
                        batch ->
                                batch.forEach(item -> {
                                    if (item.text().equals("m7") && item.attempt() < 3) {
                                        failures.add(item.attempt());
                                        item.retry("not yet");
                                    } else {
                                        handled.add(item.text());
                                    }
                                }));
        List<String> texts = bench().publishNumbered(topic, 0, 30);
        bench().awaitAndHold(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(texts));
        assertThat(failures).containsExactly(1, 2);
    }

    private static Retry quick() {
        return Retry.fixed(Duration.ofMillis(20)).jitter(0);
    }

    private boolean refusesDeadLetters(String topic) {
        return !bench().offers(
                        Capability.DEAD_LETTERS,
                        () -> bench().lapwing().deadLetters(topic, "g").count());
    }
}
