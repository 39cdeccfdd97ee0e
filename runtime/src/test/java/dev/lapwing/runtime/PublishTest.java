// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.BatchPublishException;
import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectOptions.Overflow;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.InvalidTopicException;
import dev.lapwing.Message;
import dev.lapwing.PayloadTooLargeException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult;
import dev.lapwing.PublishUnknownException;
import dev.lapwing.StartAt;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.reference.Fault;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class PublishTest {
    private static final ReferenceSettings STANDARD = ReferenceSettings.perMessage();

    private static List<Message> messages(int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> Message.to("orders").text("order " + n).build())
                .toList();
    }

    private static int stored(Harness harness) {
        return harness.lapwing.administration().peek("orders", StartAt.earliest(), 10_000).size();
    }

    @Test
    void storedMessageHasAnIdAndAPosition() {
        try (var harness = new Harness(STANDARD)) {
            var first = harness.lapwing.publish("orders", "one");
            var second = harness.lapwing.publish("orders", "two".getBytes());
            assertThat(first.id()).hasSize(26).isLessThan(second.id());
            assertThat(first.position()).isPresent();
            assertThat(first.duplicate()).isFalse();
            var again = Message.to("orders").id(first.id()).text("one").build();
            assertThat(harness.lapwing.publish(again).duplicate()).isTrue();
        }
    }

    @Test
    void nullIsNamed() {
        try (var harness = new Harness(STANDARD)) {
            assertThatThrownBy(() -> harness.lapwing.publish((Message) null))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("message");
            assertThatThrownBy(() -> harness.lapwing.publishAll(null)).hasMessage("messages");
            assertThatThrownBy(() -> harness.lapwing.publishAll(Arrays.asList((Message) null)))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> harness.lapwing.publish("orders", (String) null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() -> harness.lapwing.publish(null, "x"))
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage("topic");
        }
    }

    static Stream<Message> invalid() {
        var large = "x".repeat(256);
        return Stream.of(
                Message.to("orders").id(large).build(),
                Message.to("orders").id("").build(),
                Message.to("orders").key("订".repeat(22_000)).build(),
                Message.to("orders").header(large, "v").build(),
                Message.to("orders").header("", "v").build(),
                Message.to("orders").header("a\nb", "v").build(),
                Message.to("orders").header("h", "v".repeat(70_000)).build(),
                Message.to("orders").priority(10).build(),
                Message.to("orders").priority(-1).build(),
                Message.to("orders").timeToLive(Duration.ZERO).build(),
                Message.to("orders").deliverAfter(Duration.ofMillis(-1)).build(),
                Message.to("orders").replyTo("a..b").build());
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void messageThatBreaksALimitIsNotSent(Message message) {
        try (var harness = new Harness(STANDARD)) {
            assertThatThrownBy(() -> harness.lapwing.publish(message))
                    .isInstanceOf(InvalidMessageException.class);
            assertThatThrownBy(() ->
                            harness.lapwing.publishAll(List.of(messages(1).getFirst(), message)))
                    .isInstanceOf(InvalidMessageException.class);
            assertThat(harness.lapwing.administration().topics()).isEmpty();
        }
    }

    @Test
    void payloadAndTopicAreChecked() {
        try (var harness =
                new Harness(STANDARD, ConnectOptions.defaults().withMaxPayloadBytes(10))) {
            harness.lapwing.publish("orders", "0123456789");
            assertThatThrownBy(() -> harness.lapwing.publishAsync(text("0123456789a")))
                    .isInstanceOf(PayloadTooLargeException.class)
                    .hasMessageContaining("11 bytes")
                    .hasMessageContaining("limit is 10");
            for (String bad : List.of("", "a b", "orders.*", "a..b", "a\u0000")) {
                for (int twice = 0; twice < 2; twice++) {
                    assertThatThrownBy(() -> harness.lapwing.publish(bad, "x"))
                            .isInstanceOf(InvalidTopicException.class);
                }
            }
        }
    }

    private static Message text(String text) {
        return Message.to("orders").text(text).build();
    }

    @Test
    void optionThatTheTransportLacksIsRefused() {
        try (var harness =
                new Harness(
                        ReferenceSettings.unsettled()
                                .without(Capability.KEYS, Capability.HEADERS))) {
            for (var message :
                    List.of(
                            Message.to("a").key("k").build(),
                            Message.to("a").header("h", "v").build(),
                            Message.to("a").priority(1).build(),
                            Message.to("a").timeToLive(Duration.ofSeconds(1)).build(),
                            Message.to("a").deliverAfter(Duration.ofSeconds(1)).build(),
                            Message.to("a").replyTo("b").build(),
                            Message.to("a").correlationId("c").build())) {
                assertThatThrownBy(() -> harness.lapwing.publish(message))
                        .isInstanceOf(UnsupportedCapabilityException.class)
                        .hasMessageContaining("reference");
            }
        }
    }

    @Test
    void refusalIsToldAtOnceEvenIfItMayPass() {
        try (var harness = new Harness(STANDARD)) {
            harness.broker.failNextSends(Fault.refused("disk full", true));
            assertThatThrownBy(() -> harness.lapwing.publish("orders", "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            e -> assertThat(e.isRetriable()).isTrue())
                    .hasMessageContaining("disk full")
                    .hasMessageContaining("orders");
            harness.broker.failNextSends(Fault.refused("forbidden", false));
            assertThat(harness.lapwing.publishAsync(text("x")))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(PublishRefusedException.class);
        }
    }

    @Test
    void unknownIsSentAgainUnderItsIdWhereThatStoresNothingTwice() throws Exception {
        try (var harness = new Harness(STANDARD)) {
            harness.broker.failNextSends(Fault.storedAndUnknown(), Fault.lostAndUnknown());
            var future = harness.lapwing.publishAsync(text("x"));
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        harness.time.advance(Duration.ofMillis(100));
                        return future.isDone();
                    });
            assertThat(future.get().duplicate()).isTrue();
            assertThat(stored(harness)).isEqualTo(1);
        }
    }

    @Test
    void unknownIsToldWhereAResendCouldStoreTwice() {
        try (var harness = new Harness(STANDARD.without(Capability.DEDUPLICATION))) {
            harness.broker.failNextSends(Fault.storedAndUnknown());
            assertThatThrownBy(() -> harness.lapwing.publish("orders", "x"))
                    .isInstanceOf(PublishUnknownException.class)
                    .hasMessageContaining("the confirmation was lost");
            assertThat(stored(harness)).isEqualTo(1);
        }
    }

    @Test
    void resendsEndWithTheDeadline() {
        try (var harness = new Harness(STANDARD)) {
            harness.broker.failNextSends(
                    IntStream.range(0, 1000)
                            .mapToObj(n -> Fault.lostAndUnknown())
                            .toArray(Fault[]::new));
            var future = harness.lapwing.publishAsync(text("x"));
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                        harness.time.advance(Duration.ofMillis(100));
                        return future.isDone();
                    });
            assertThat(future).isCompletedExceptionally();
            assertThat(harness.time.now())
                    .isBetween("2026-01-01T00:00:29Z", "2026-01-01T00:00:32Z");
        }
    }

    @Test
    void publishWithoutAConfirmationEndsAsUnknown() {
        try (var harness = new Harness(STANDARD)) {
            harness.broker.failNextSends(
                    Fault.storedAndNotAnswered(), Fault.storedAndNotAnswered());
            var future = harness.lapwing.publishAsync(text("x"));
            var thrown = new AtomicReference<Exception>();
            var blocked =
                    Thread.startVirtualThread(() -> {
                        try {
                            harness.lapwing.publish("orders", "y");
                        } catch (PublishUnknownException e) {
                            thrown.set(e);
                        }
                    });
            await().until(() -> stored(harness) == 2);
            assertThat(future).isNotDone();
            harness.advance(Duration.ofSeconds(1), 32);
            assertThat(future)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(PublishUnknownException.class)
                    .withMessageContaining("no confirmation within PT30S");
            await().until(() -> !blocked.isAlive());
            assertThat(thrown.get()).isNotNull();
        }
    }

    @Test
    void interruptedPublishIsUnknownAndTheFlagStays() throws Exception {
        try (var harness = new Harness(STANDARD)) {
            harness.broker.failNextSends(Fault.storedAndNotAnswered());
            var thrown = new AtomicReference<Exception>();
            var flag = new AtomicBoolean();
            var thread =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    harness.lapwing.publish("orders", "x");
                                } catch (PublishUnknownException e) {
                                    thrown.set(e);
                                    flag.set(Thread.currentThread().isInterrupted());
                                }
                            });
            await().until(() -> stored(harness) == 1);
            thread.interrupt();
            thread.join();
            assertThat(thrown.get()).hasMessageContaining("interrupted");
            assertThat(flag).isTrue();
        }
    }

    @Test
    void futuresCompleteOnOneThreadOfTheConnection() throws Exception {
        try (var harness = new Harness(STANDARD)) {
            var threads =
                    messages(100).stream()
                            .map(message ->
                                    harness.lapwing
                                            .publishAsync(message)
                                            .thenApply(stored -> Thread.currentThread().getName()))
                            .toList();
            for (var thread : threads) {
                assertThat(thread.get())
                        .isIn("lapwing-completions", Thread.currentThread().getName());
            }
        }
    }

    @Test
    void whatDependsOnAFutureMayPublish() {
        try (var harness = new Harness(STANDARD)) {
            var chain =
                    harness.lapwing
                            .publishAsync(text("a"))
                            .thenApply(stored -> harness.lapwing.publish("orders", "b"))
                            .thenCompose(stored -> harness.lapwing.publishAsync(text("c")));
            assertThat(chain).succeedsWithin(Duration.ofSeconds(10));
            assertThat(stored(harness)).isEqualTo(3);
        }
    }

    @Test
    void tooMuchInFlightIsRefusedWhereThatIsAsked() {
        var options = ConnectOptions.defaults().withInFlight(2, 1000, Overflow.REFUSE);
        try (var harness = new Harness(STANDARD, options)) {
            harness.broker.failNextSends(
                    Fault.storedAndNotAnswered(), Fault.storedAndNotAnswered());
            var first = harness.lapwing.publishAsync(text("a"));
            harness.lapwing.publishAsync(text("b"));
            assertThat(harness.lapwing.publishAsync(text("c")))
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(PublishRefusedException.class)
                    .withMessageContaining("2 messages");
            assertThat(first).isNotNull();
        }
    }

    @Test
    void tooMuchInFlightWaitsForRoom() {
        var options = ConnectOptions.defaults().withInFlight(3, 20, Overflow.WAIT);
        try (var harness = new Harness(STANDARD, options)) {
            var futures = messages(500).stream().map(harness.lapwing::publishAsync).toList();
            assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)))
                    .succeedsWithin(Duration.ofSeconds(30));
            var large = Message.to("orders").payload(new byte[100]).build();
            assertThat(harness.lapwing.publish(large).position()).isPresent();
            assertThat(harness.lapwing.publishAll(messages(500))).hasSize(500);
        }
    }

    @Test
    void batchIsStoredInOrderAndTellsEachResult() {
        try (var harness = new Harness(STANDARD.without(Capability.DEDUPLICATION))) {
            var results = harness.lapwing.publishAll(messages(3000));
            assertThat(results).hasSize(3000);
            assertThat(
                            results.stream()
                                    .map(stored ->
                                            Long.parseLong(stored.position().orElseThrow().token()))
                                    .toList())
                    .isSorted();
            harness.broker.failNextSends(Fault.refused("full", true), Fault.storedAndUnknown());
            assertThatThrownBy(() -> harness.lapwing.publishAll(messages(3)))
                    .isInstanceOfSatisfying(
                            BatchPublishException.class,
                            e ->
                                    assertThat(e.results())
                                            .satisfiesExactly(
                                                    first ->
                                                            assertThat(first)
                                                                    .isInstanceOf(
                                                                            PublishResult.Refused
                                                                                    .class),
                                                    second ->
                                                            assertThat(second)
                                                                    .isInstanceOf(
                                                                            PublishResult.Unknown
                                                                                    .class),
                                                    third ->
                                                            assertThat(third)
                                                                    .isInstanceOf(
                                                                            PublishResult.Stored
                                                                                    .class)));
            assertThat(harness.lapwing.publishAll(List.of())).isEmpty();
        }
    }

    @Test
    void closeEndsWhatIsInFlightAsUnknown() {
        var options = ConnectOptions.defaults().withDrainTimeout(Duration.ofMillis(10));
        try (var harness = new Harness(STANDARD, options)) {
            harness.broker.failNextSends(Fault.storedAndNotAnswered());
            var future = harness.lapwing.publishAsync(text("x"));
            harness.lapwing.close();
            assertThat(future)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(PublishUnknownException.class);
        }
    }
}
