// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.BatchPublishException;
import dev.lapwing.Capability;
import dev.lapwing.Headers;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Publishing, and what a message carries. */
public interface PublishChecks extends Conformance {

    /** What is said about a stored message is true of the delivered one. */
    @Check(
            proves = {Clause.STORED_IS_STORED, Clause.INTACT},
            flaw = "loses the id of a message, or tells a wrong position")
    default void publishTellsIdAndPosition() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("told");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        PublishResult.Stored unnamed = lapwing.publish(topic, "one");
        assertThat(unnamed.duplicate()).isFalse();
        bench().await(() -> assertThat(inbox.texts()).containsExactly("one"));
        Message arrived = inbox.messages().getFirst();
        if (lapwing.capabilities().has(Capability.ASSIGNED_IDS)) {
            assertThat(unnamed.id()).isNotBlank();
            assertThat(arrived.id()).contains(unnamed.id());
        } else {
            assertThat(unnamed.id()).isEmpty();
            assertThat(arrived.id()).as("an id that nobody gave").isEmpty();
        }
        if (bench().has(Capability.COMPARABLE_POSITIONS)) {
            assertThat(inbox.all().getFirst().delivery().position()).isEqualTo(unnamed.position());
        }
        String id = bench().group("id-订单");
        assertThat(lapwing.publish(Message.to(topic).id(id).text("two").build()).id())
                .isEqualTo(id);
        bench().await(() -> assertThat(inbox.texts()).containsExactly("one", "two"));
        assertThat(inbox.messages().getLast().id())
                .isEqualTo(bench().has(Capability.HEADERS) ? Optional.of(id) : Optional.empty());
    }

    /** One result for each, in the order given, and so is the topic. */
    @Check(
            proves = {Clause.BATCHES, Clause.ORDER},
            flaw = "mixes up the results or the order of publishAll")
    default void publishAllKeepsOrderAndAnswersEach() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("all");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        List<Message> messages =
                IntStream.range(0, 300)
                        .mapToObj(at ->
                                keyed(Message.to(topic).id(bench().group("" + at)), "k")
                                        .text("m" + at))
                        .map(MessageBuilder::build)
                        .toList();
        List<PublishResult.Stored> results = lapwing.publishAll(messages);
        assertThat(results)
                .extracting(PublishResult.Stored::id)
                .containsExactlyElementsOf(
                        messages.stream().map(m -> m.id().orElseThrow()).toList());
        bench().await(() ->
                assertThat(inbox.texts())
                        .containsExactlyElementsOf(messages.stream().map(Message::text).toList()));
    }

    private MessageBuilder keyed(MessageBuilder message, String key) {
        return bench().has(Capability.KEYS) ? message.key(key) : message;
    }

    /** Refused, not swallowed; and taken as soon as there is a group. Dead letters always are. */
    @Check(
            proves = {Clause.UNHEARD, Clause.SEND_ENDS_ONCE},
            flaw = "swallows what nobody would get")
    default void messageThatNobodyWouldGetIsRefused() {
        String topic = bench().topic("unheard");
        bench().publishUnheard(topic, "early");
        if (!bench().refusesTheUnheard()) {
            return;
        }
        Lapwing lapwing = bench().lapwing();
        Message message = Message.to(topic).text("x").build();
        assertThat(bench().failure(lapwing.publishAsync(message)))
                .isInstanceOf(PublishRefusedException.class);
        assertThatThrownBy(() -> lapwing.publishAll(List.of(message, message)))
                .isInstanceOfSatisfying(
                        BatchPublishException.class,
                        failed ->
                                assertThat(failed.results())
                                        .hasOnlyElementsOfType(PublishResult.Refused.class));
        bench().keep(topic);
        lapwing.publish(topic, "kept");
        lapwing.publish("_dead." + bench().group("g") + "." + topic, "a letter");
    }

    /** Many in flight at once. */
    @Check(
            proves = {Clause.SEND_ENDS_ONCE, Clause.EXACT_ACCOUNT},
            flaw = "loses the answer to one of many publishes in flight")
    default void asynchronousPublishesAllEnd() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("async");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        List<CompletableFuture<PublishResult.Stored>> results =
                IntStream.range(0, 500)
                        .mapToObj(at ->
                                lapwing.publishAsync(Message.to(topic).text("m" + at).build()))
                        .toList();
        results.forEach(bench()::get);
        bench().awaitAndHold(() -> assertThat(inbox.texts()).hasSize(500).doesNotHaveDuplicates());
    }

    /** Names of any script. */
    @Check(proves = Clause.INTACT, flaw = "mixes up topics whose names are not ASCII")
    default void unicodeTopicsAreKeptApart() {
        Lapwing lapwing = bench().lapwing();
        List<String> topics =
                List.of("订单", "订单.批量", "🐦.кибитка", "é", "e\u0301", "UPPER", "upper").stream()
                        .map(bench()::topic)
                        .toList();
        var inboxes = topics.stream().map(topic -> new Inbox()).toList();
        for (int at = 0; at < topics.size(); at++) {
            lapwing.subscribe(topics.get(at)).handle(inboxes.get(at));
        }
        topics.forEach(topic -> lapwing.publish(topic, "to " + topic));
        bench().awaitAndHold(() -> {
            for (int at = 0; at < topics.size(); at++) {
                assertThat(inboxes.get(at).texts()).containsExactly("to " + topics.get(at));
                assertThat(inboxes.get(at).messages().getFirst().topic()).isEqualTo(topics.get(at));
            }
        });
    }

    /** Repeated names, any script, bytes that are not text, empty values, in order. */
    @Check(
            proves = {Clause.INTACT, Clause.DECLARED},
            flaw = "loses a header, or changes one")
    default void headersArriveWhole() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("headers");
        Headers headers =
                Headers.none()
                        .with("trace", "1")
                        .with("trace", "2")
                        .with("имя", "订单 🐦")
                        .with("empty", "")
                        .with("binary", new byte[] {0, -1, -128, 127})
                        .with("Trace", "3");
        Message message = Message.to(topic).headers(headers).text("x").build();
        if (!bench().offers(Capability.HEADERS, () -> lapwing.publish(message))) {
            return;
        }
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        lapwing.publish(message);
        bench().await(() -> assertThat(inbox.messages()).hasSize(1));
        Headers arrived = inbox.messages().getFirst().headers();
        assertThat(arrived.entries())
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactlyElementsOf(headers.entries());
    }

    /** Any script, and the empty one. */
    @Check(
            proves = {Clause.INTACT, Clause.DECLARED},
            flaw = "loses the key of a message")
    default void keysArriveWhole() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("keys");
        Message probe = Message.to(topic).key("k").text("probe").build();
        if (!bench().offers(Capability.KEYS, () -> lapwing.publish(probe))) {
            return;
        }
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        List<String> keys = List.of("k", "订单 🐦", "with space", "k".repeat(3000));
        keys.forEach(key -> lapwing.publish(Message.to(topic).key(key).text(key).build()));
        lapwing.publish(topic, "none");
        bench().await(() -> assertThat(inbox.messages()).hasSize(5));
        for (Message message : inbox.messages()) {
            assertThat(message.key().orElse("none")).isEqualTo(message.text());
        }
    }

    /** A bridge keeps the time of the source. */
    @Check(proves = Clause.INTACT, flaw = "loses the time at which a message was published")
    default void timestampArrives() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("time");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        Instant now = Instant.now();
        lapwing.publish(topic, "now");
        bench().await(() -> assertThat(inbox.messages()).hasSize(1));
        assertThat(inbox.messages().getFirst().timestamp())
                .isBetween(now.minus(Duration.ofMinutes(1)), now.plus(Duration.ofMinutes(1)));
    }

    /** No id, no headers, bytes that are not text. */
    @Check(proves = Clause.FOREIGN, flaw = "chokes on what a foreign client wrote")
    default void foreignMessagesArriveWhole() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("foreign");
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        List<byte[]> payloads =
                List.of(
                        new byte[0],
                        new byte[] {-1, 0, 1, (byte) 0xC3, 0x28},
                        "订单".getBytes(StandardCharsets.UTF_8));
        for (byte[] payload : payloads) {
            bench().space()
                    .foreign()
                    .ifPresentOrElse(
                            writer -> writer.write(topic, payload),
                            () -> lapwing.publish(topic, payload));
        }
        bench().await(() -> assertThat(inbox.messages()).hasSize(payloads.size()));
        assertThat(inbox.messages())
                .extracting(Message::payload)
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(payloads);
        assertThat(inbox.messages()).allMatch(message -> message.headers().isEmpty());
        assertThat(inbox.messages()).allMatch(message -> message.key().isEmpty());
    }
}
