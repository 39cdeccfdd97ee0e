// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Retry;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** In which order messages are handled. */
public interface OrderChecks extends Conformance {

    /** One publisher, one handler at a time, one key. */
    @Check(proves = Clause.ORDER, flaw = "reorders the messages of one key")
    default void messagesOfOnePublisherArriveInOrder() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("order");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        List<String> texts = IntStream.range(0, 200).mapToObj(at -> "m" + at).toList();
        texts.forEach(text -> lapwing.publishAsync(keyed(topic, "k", text)));
        bench().await(() -> assertThat(inbox.texts()).containsExactlyElementsOf(texts));
    }

    /** Sixteen handlers, twenty keys, one of four fails once. */
    @Check(
            proves = {Clause.KEY_ORDER, Clause.RETRY},
            flaw = "reorders a key when its messages are tried again by many handlers")
    default void keysKeepTheirOrderUnderRetriesAndConcurrency() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("keys");
        if (refusesKeys(topic) || bench().refusesGroups(topic)) {
            return;
        }
        Map<String, List<Integer>> handled = new ConcurrentHashMap<>();
        Set<String> failed = ConcurrentHashMap.newKeySet();
        lapwing.subscribe(topic)
                .group(bench().group("g"))
                .concurrency(16)
                .retry(Retry.fixed(Duration.ofMillis(5)).upTo(5))
                .handle(delivery -> {
                    int number = Integer.parseInt(delivery.text());
                    String key = delivery.message().key().orElseThrow();
                    if (number % 4 == 1 && failed.add(key + number)) {
                        throw new IllegalStateException("first attempt");
                    }
                    handled.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>()).add(number);
                });
        for (int number = 0; number < 25; number++) {
            for (int key = 0; key < 20; key++) {
                lapwing.publishAsync(keyed(topic, "k" + key, "" + number));
            }
        }
        List<Integer> inOrder = IntStream.range(0, 25).boxed().toList();
        bench().await(() -> {
            assertThat(handled).hasSize(20);
            assertThat(handled.values()).allSatisfy(each -> assertThat(each).hasSize(25));
        });
        assertThat(handled.values()).allSatisfy(each -> assertThat(each).isEqualTo(inOrder));
    }

    /** The others do not wait for a key that fails. */
    @Check(
            proves = {Clause.RETRY, Clause.KEY_ORDER},
            flaw = "lets every key wait while one is tried again")
    default void failingKeyHoldsUpNoOther() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("block");
        if (refusesKeys(topic) || bench().refusesGroups(topic)) {
            return;
        }
        var inbox =
                new Inbox(delivery -> {
                    if (delivery.text().equals("bad")) {
                        throw new IllegalStateException("always");
                    }
                });
        lapwing.subscribe(topic)
                .group(bench().group("g"))
                .retry(Retry.fixed(Duration.ofHours(1)).longestPause(Duration.ofHours(1)))
                .handle(inbox);
        lapwing.publish(keyed(topic, "a", "bad"));
        lapwing.publish(keyed(topic, "a", "behind"));
        lapwing.publish(keyed(topic, "b", "other"));
        lapwing.publish(Message.to(topic).text("keyless").build());
        bench().awaitAndHold(() ->
                assertThat(inbox.texts()).containsExactlyInAnyOrder("bad", "other", "keyless"));
    }

    /** Sixteen means sixteen at once, and not more. */
    @Check(
            proves = {Clause.CREDIT, Clause.KEY_ORDER},
            flaw = "does not let as many handlers run at once as were asked for")
    default void asManyHandlersRunAtOnceAsWereAskedFor() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("wide");
        var running = new CountDownLatch(16);
        var inbox =
                new Inbox(delivery -> {
                    running.countDown();
                    assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
                });
        lapwing.subscribe(topic).concurrency(16).handle(inbox);
        bench().publishNumbered(topic, 0, 16);
        bench().await(() -> assertThat(running.getCount()).isZero());
    }

    private Message keyed(String topic, String key, String text) {
        var message = Message.to(topic).text(text);
        return bench().has(Capability.KEYS) ? message.key(key).build() : message.build();
    }

    private boolean refusesKeys(String topic) {
        Message message = Message.to(topic).key("k").text("probe").build();
        return !bench().offers(Capability.KEYS, () -> bench().lapwing().publish(message));
    }
}
