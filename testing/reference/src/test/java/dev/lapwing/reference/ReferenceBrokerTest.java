// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

class ReferenceBrokerTest {

    private final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final List<ConnectionState> states = new ArrayList<>();
    private final Recorder recorder = new Recorder();
    private ReferenceBroker broker =
            ReferenceBroker.start(ReferenceSettings.perMessage().withTime(time));

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    @Test
    void groupGetsWhatWasPublishedAfterItOpenedWithinItsCredit() {
        Transport transport = connect();
        send(transport, "early");
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        send(transport, "one");
        send(transport, "two");
        receiver.grant(1);
        settle(receiver, new Settlement.Extend(Duration.ofSeconds(1)), List.of());
        assertThat(recorder.texts()).containsExactly("one");
    }

    @Test
    void leaseThatRunsOutMovesTheDeliveryAndCountsTheAttempt() {
        Transport transport = connect();
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        var other = new Recorder();
        Receiver second = open(transport, "g", StartAt.now(), other);
        receiver.grant(1);
        send(transport, "one");
        second.grant(1);
        time.advance(Duration.ofSeconds(31));
        assertThat(recorder.lost).hasSize(1);
        assertThat(other.delivered).singleElement().returns(2, Received::attempt);
        SettleReport report = settle(receiver, new Settlement.Ack(), recorder.delivered);
        assertThat(report.stale()).hasSize(1);
    }

    @Test
    void giveBackForLaterWaitsForItsTime() {
        Transport transport = connect();
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        receiver.grant(2);
        send(transport, "one");
        settle(
                receiver,
                new Settlement.GiveBack(Duration.ofSeconds(5), true),
                List.copyOf(recorder.delivered));
        time.advance(Duration.ofMillis(4_999));
        assertThat(recorder.delivered).hasSize(1);
        time.advance(Duration.ofMillis(1));
        assertThat(recorder.delivered).last().returns(2, Received::attempt);
    }

    @Test
    void delayedMessageEntersItsTopicInTime() {
        Transport transport = connect();
        open(transport, "g", StartAt.now(), recorder).grant(2);
        send(transport, Message.to("t").deliverAfter(Duration.ofSeconds(2)).text("late"));
        send(transport, "now");
        time.advance(Duration.ofSeconds(2));
        assertThat(recorder.texts()).containsExactly("now", "late");
    }

    @Test
    void brokenLinkLosesDeliveriesAndReturnsThem() {
        Transport transport = connect();
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        receiver.grant(2);
        send(transport, "one");
        broker.failNextSends(Fault.storedAndNotAnswered());
        CompletableFuture<PublishResult> unanswered =
                sendAsync(transport, Message.to("other").text("x"));
        broker.breakLinks("cable pulled");
        assertThat(unanswered.join()).isInstanceOf(PublishResult.Unknown.class);
        assertThat(recorder.lost).hasSize(1);
        broker.restoreLinks();
        assertThat(recorder.texts()).containsExactly("one", "one");
        assertThat(states.getLast()).isInstanceOf(ConnectionState.Connected.class);
    }

    @Test
    void floorsMovePartitionsBetweenMembersFromTheFloor() {
        broker = ReferenceBroker.start(ReferenceSettings.floors(2).withTime(time));
        Transport transport = connect();
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        receiver.grant(10);
        for (int at = 0; at < 6; at++) {
            send(transport, "m" + at);
        }
        List<Received> second = in(1);
        settle(receiver, new Settlement.Ack(), second.subList(0, 1));
        var other = new Recorder();
        open(transport, "g", StartAt.now(), other).grant(10);
        send(transport, "m6");
        assertThat(recorder.lost).containsExactlyElementsOf(second.subList(1, 3));
        assertThat(other.delivered)
                .extracting(delivery -> delivery.message().text())
                .containsExactlyElementsOf(
                        second.subList(1, 3).stream()
                                .map(delivery -> delivery.message().text())
                                .toList());
        assertThat(settle(receiver, new Settlement.Ack(), second.subList(2, 3)).stale()).hasSize(1);
    }

    @Test
    void positionOfManyPartitionsResumesWithoutLossOrDouble() {
        broker = ReferenceBroker.start(ReferenceSettings.floors(3).withTime(time));
        Transport transport = connect();
        send(transport, "before");
        open(transport, null, StartAt.now(), recorder).grant(4);
        for (int at = 0; at < 9; at++) {
            send(transport, "m" + at);
        }
        var resumed = new Recorder();
        open(
                        transport,
                        null,
                        StartAt.after(recorder.delivered.get(3).position().orElseThrow()),
                        resumed)
                .grant(100);
        send(transport, "last");
        var all = new ArrayList<>(recorder.texts());
        all.addAll(resumed.texts());
        assertThat(all)
                .containsExactlyInAnyOrder(
                        "m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "last");
    }

    @Test
    void unsettledKeepsNoAccount() {
        broker =
                ReferenceBroker.start(
                        ReferenceSettings.unsettled()
                                .without(Capability.COMPETING_CONSUMERS)
                                .withTime(time));
        Transport transport = connect();
        Receiver receiver = open(transport, null, StartAt.now(), recorder);
        receiver.grant(10);
        send(transport, "one");
        assertThat(settle(receiver, new Settlement.Ack(), recorder.delivered).stale()).isEmpty();
        broker.breakLinks("gone");
        assertThat(recorder.lost).isEmpty();
        assertThatThrownBy(() -> open(transport, "g", StartAt.now(), recorder))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessageContaining("COMPETING_CONSUMERS");
    }

    @Test
    void thoseWhoCompeteShareAndAreForgotten() {
        broker = ReferenceBroker.start(ReferenceSettings.unsettled().withTime(time));
        Transport transport = connect();
        var other = new Recorder();
        Receiver first = open(transport, "g", StartAt.now(), recorder);
        Receiver second = open(transport, "g", StartAt.now(), other);
        first.grant(10);
        second.grant(10);
        send(transport, "one");
        send(transport, "two");
        assertThat(recorder.texts()).hasSize(1);
        assertThat(other.texts()).hasSize(1);
        first.close();
        second.close();
        send(transport, "three");
        open(transport, "g", StartAt.now(), recorder).grant(10);
        assertThat(recorder.texts()).hasSize(1);
    }

    @Test
    void withoutTakesAwayTheCapabilityAndTheBehaviour() {
        broker =
                ReferenceBroker.start(
                        ReferenceSettings.perMessage().without(Capability.COUNTS_ATTEMPTS));
        Transport transport = connect();
        Receiver receiver = open(transport, "g", StartAt.now(), recorder);
        receiver.grant(2);
        send(transport, "one");
        settle(
                receiver,
                new Settlement.GiveBack(Duration.ZERO, true),
                List.copyOf(recorder.delivered));
        settle(receiver, new Settlement.Extend(Duration.ofSeconds(1)), List.of());
        assertThat(recorder.delivered).extracting(Received::attempt).containsExactly(1, 1);
        assertThat(transport.capabilities().has(Capability.COUNTS_ATTEMPTS)).isFalse();
    }

    private List<Received> in(int partition) {
        return recorder.delivered.stream()
                .filter(delivery -> delivery.partition() == partition)
                .toList();
    }

    private Transport connect() {
        return broker.connect(new TransportContext(time.clock(), 1 << 20, states::add));
    }

    private static Receiver open(
            Transport transport, String group, StartAt start, Recorder recorder) {
        return transport.receive(
                new ReceiverRequest(
                        TopicPattern.parse("t"),
                        Optional.ofNullable(group),
                        start,
                        Duration.ofSeconds(30),
                        100),
                recorder);
    }

    private static void send(Transport transport, String text) {
        send(transport, Message.to("t").text(text));
    }

    private static void send(Transport transport, dev.lapwing.MessageBuilder message) {
        assertThat(sendAsync(transport, message).join()).isInstanceOf(PublishResult.Stored.class);
    }

    private static CompletableFuture<PublishResult> sendAsync(
            Transport transport, dev.lapwing.MessageBuilder builder) {
        var result = new CompletableFuture<PublishResult>();
        Message message = builder.id(UUID.randomUUID().toString()).build();
        transport
                .sender()
                .send(
                        List.of(
                                new SendRequest() {
                                    @Override
                                    public Message message() {
                                        return message;
                                    }

                                    @Override
                                    public void complete(PublishResult outcome) {
                                        result.complete(outcome);
                                    }
                                }));
        return result;
    }

    /** Settles, and waits until the broker has done it and all before it. */
    private static SettleReport settle(
            Receiver receiver, Settlement settlement, List<Received> deliveries) {
        return receiver.settle(settlement, deliveries).join();
    }
}
