// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Administration.Peeked;
import dev.lapwing.Capability;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** How sends end, seen below the runtime. */
public interface SendChecks extends Conformance {

    /**
     * A batch with messages of two topics: each request gets one result, and nothing is repeated.
     */
    @Check(proves = Clause.SEND_ENDS_ONCE, flaw = "answers a send twice, or never")
    default void everySendIsAnsweredOnce() {
        SpiLink link = bench().spi();
        bench().keep(bench().topic("s0"));
        bench().keep(bench().topic("s1"));
        List<Message> messages =
                IntStream.range(0, 100)
                        .mapToObj(at -> link.message(bench().topic("s" + at % 2)).text("m" + at))
                        .map(builder -> builder.build())
                        .toList();
        List<Sent> batch = link.send(messages);
        assertThat(batch)
                .extracting(Sent::result)
                .hasOnlyElementsOfType(PublishResult.Stored.class);
        bench().awaitAndHold(() -> assertThat(batch).extracting(Sent::answers).containsOnly(1));
    }

    /** A batch arrives in its order. */
    @Check(
            proves = {Clause.BATCHES, Clause.ORDER},
            flaw = "stores the messages of one batch in another order")
    default void batchIsStoredInItsOrder() {
        SpiLink link = bench().spi();
        String topic = bench().topic("ordered");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(1000);
        List<Message> messages =
                IntStream.range(0, 200)
                        .mapToObj(at -> link.message(topic).text("m" + at))
                        .map(builder ->
                                link.has(Capability.KEYS)
                                        ? builder.key("k").build()
                                        : builder.build())
                        .toList();
        link.send(messages).forEach(Sent::result);
        List<String> expected = messages.stream().map(Message::text).toList();
        bench().awaitAndHold(() -> assertThat(receiver.texts()).isEqualTo(expected));
    }

    /** What is told to be stored is looked for at once, on another link. */
    @Check(proves = Clause.STORED_IS_STORED, flaw = "says that a message is stored before it is")
    default void storedMessageCanBeReadAtOnce() {
        SpiLink link = bench().spi();
        String topic = bench().topic("stored");
        if (link.has(Capability.ADMINISTRATION) && link.has(Capability.GROUPS)) {
            SpiLink reader = bench().spi();
            String group = bench().group("g");
            link.member(topic, group);
            link.store(topic, "first");
            assertThat(reader.transport().administration().peekPending(topic, group, 10))
                    .as("what waits for a group the moment the send was told to be stored")
                    .extracting(Peeked::message)
                    .extracting(Message::text)
                    .containsExactly("first");
        } else {
            assertStoredReachesReceiver(link, topic);
        }
    }

    private void assertStoredReachesReceiver(SpiLink link, String topic) {
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(10);
        link.store(topic, "first");
        bench().await(() -> assertThat(receiver.texts()).containsExactly("first"));
    }

    /** While the link is down no send may be told to be stored that then is not there. */
    @Check(
            proves = {Clause.STORED_IS_STORED, Clause.SEND_ENDS_ONCE},
            flaw = "says stored for what a broken link swallowed")
    default void sendsDuringAnOutageEndTruly() {
        SpiLink link = bench().spi();
        String topic = bench().topic("outage");
        var outage = bench().outage();
        if (outage.isEmpty() || !link.has(Capability.STORED_CONFIRMATION)) {
            storedMessageCanBeReadAtOnce();
            return;
        }
        SpiReceiver receiver = link.member(topic, bench().group("g")).grant(1000);
        var batch = new ArrayList<>(link.send(numbered(link, topic, 0, 20)));
        outage.get().begin();
        batch.addAll(link.send(numbered(link, topic, 20, 40)));
        List<PublishResult> results = batch.stream().map(Sent::result).toList();
        outage.get().end();
        List<String> stored =
                IntStream.range(0, batch.size())
                        .filter(at -> results.get(at) instanceof PublishResult.Stored)
                        .mapToObj(at -> "m" + at)
                        .toList();
        bench().await(() -> assertThat(receiver.texts()).containsAll(stored));
        assertThat(batch).extracting(Sent::answers).containsOnly(1);
    }

    private static List<Message> numbered(SpiLink link, String topic, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(at -> link.message(topic).text("m" + at).build())
                .toList();
    }

    /** Every size and every byte comes through. */
    @Check(proves = Clause.INTACT, flaw = "changes or truncates payloads")
    default void payloadsArriveWhole() {
        SpiLink link = bench().spi();
        String topic = bench().topic("bytes");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(100);
        List<byte[]> payloads =
                Stream.of(0, 1, 255, 4096, 65_537, bench().options().maxPayloadBytes())
                        .map(SendChecks::allBytes)
                        .toList();
        for (byte[] payload : payloads) {
            assertThat(
                            link.send(List.of(link.message(topic).payload(payload).build()))
                                    .getFirst()
                                    .result())
                    .isInstanceOf(PublishResult.Stored.class);
        }
        bench().await(() -> assertThat(receiver.delivered()).hasSameSizeAs(payloads));
        assertThat(receiver.delivered())
                .extracting(delivery -> delivery.message().payload())
                .usingElementComparator(Arrays::compare)
                .containsExactlyInAnyOrderElementsOf(payloads);
    }

    private static byte[] allBytes(int size) {
        byte[] bytes = new byte[size];
        for (int at = 0; at < size; at++) {
            bytes[at] = (byte) (at * 31 + at / 256);
        }
        return bytes;
    }
}
