// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** What topics promise: order, replay, deduplication, delay, time to live, retention. */
final class TopicTest {
    private TestEngine engine = TestEngine.inMemory();

    @AfterEach
    void close() {
        engine.close();
    }

    private void open(String options) {
        engine.close();
        engine = TestEngine.inMemory(options);
    }

    private void publish(int count) {
        IntStream.range(0, count).forEach(number -> engine.publish("t", "" + number));
    }

    private MessageBuilder message(String topic) {
        return Message.to(topic).timestamp(Instant.ofEpochMilli(engine.clock.wallMillis()));
    }

    private long messages(String topic) {
        return engine.administration.topic(topic).orElseThrow().messages();
    }

    // Reading without a group

    @Test
    void readerSeesWhatIsPublishedFromNowOn() {
        publish(2);
        Collector tail = engine.read("t", StartAt.now());
        publish(2);
        assertThat(tail.takeTexts(2)).containsExactly("0", "1");
        assertThat(tail.delivered).isEmpty();
    }

    @Test
    void readerResumesBehindAPosition() {
        publish(5);
        Collector tail = engine.read("t", StartAt.after(new Position("2")));
        assertThat(tail.takeTexts(2)).containsExactly("3", "4");
    }

    @Test
    void readerIsToldWhatIsMissing() {
        publish(10);
        engine.engine.topics().find("t").orElseThrow().stream().trim(6);
        await().until(() -> messages("t") == 4);
        Collector tail = engine.read("t", StartAt.after(new Position("1")));
        assertThat(tail.takeTexts(4)).containsExactly("6", "7", "8", "9");
        assertThat(tail.gaps).hasSize(1);
        assertThat(tail.gaps.peek().messages()).isEqualTo(4);
        assertThat(tail.gaps.peek().after()).contains(new Position("1"));
    }

    @Test
    void patternMergesTopicsAndThoseToCome() {
        engine.publish("a.x", "before");
        Collector tail = engine.read("a.>", StartAt.now());
        engine.publish("a.x", "1");
        engine.publish("a.y.z", "2");
        engine.publish("b", "3");
        assertThat(tail.takeTexts(2)).containsExactlyInAnyOrder("1", "2");
        assertThat(tail.delivered).isEmpty();
    }

    @Test
    void creditLimitsWhatAReaderGets() {
        publish(10);
        Collector tail = engine.read("t", StartAt.earliest(), 4);
        assertThat(tail.take(4)).hasSize(4);
        tail.receiver.grant(1);
        assertThat(tail.takeTexts(1)).containsExactly("4");
        tail.receiver.stop().join();
        tail.receiver.grant(100);
        assertThat(tail.delivered).isEmpty();
    }

    @Test
    void batchKeepsItsOrder() {
        List<Message> batch =
                IntStream.range(0, 10_000)
                        .mapToObj(number -> message("t").text("" + number).build())
                        .toList();
        List<CompletableFuture<PublishResult>> results = engine.sendAll(batch);
        for (int at = 0; at < results.size(); at++) {
            var stored = (PublishResult.Stored) results.get(at).join();
            assertThat(stored.position()).contains(new Position("" + at));
        }
    }

    // Deduplication

    @Test
    void idIsStoredOnceWithinTheWindowAndOnceMoreBehindIt() {
        var first = engine.publish(message("t").id("a").build());
        assertThat(first.duplicate()).isFalse();
        assertThat(engine.publish(message("t").id("a").build()))
                .isEqualTo(PublishResult.stored("a", first.position(), true));
        assertThat(engine.publish(message("other").id("a").build()).duplicate()).isFalse();
        engine.pass(Duration.ofMinutes(2));
        assertThat(engine.publish(message("t").id("a").build()).duplicate()).isFalse();
        assertThat(messages("t")).isEqualTo(2);
    }

    @Test
    void idsOfOneBatchAreDeduplicatedToo() {
        var results =
                engine.sendAll(List.of(message("t").id("a").build(), message("t").id("a").build()));
        var first = (PublishResult.Stored) results.get(0).join();
        assertThat(first.duplicate()).isFalse();
        assertThat(results.get(1).join())
                .isEqualTo(PublishResult.stored("a", first.position(), true));
    }

    private static java.util.Optional<Position> position(long position) {
        return java.util.Optional.of(new Position("" + position));
    }

    @Test
    void idsSurviveARestartAndACrash() {
        engine.publish(message("t").id("a").build());
        engine = engine.crash();
        assertThat(engine.publish(message("t").id("a").build()).duplicate()).isTrue();
        engine.clock.jump(Duration.ofDays(-3650));
        engine = engine.reopen();
        assertThat(engine.publish(message("t").id("a").build()).position()).isEqualTo(position(0));
        engine.pass(Duration.ofMinutes(2));
        assertThat(engine.publish(message("t").id("a").build()).duplicate()).isFalse();
    }

    @Test
    void oldestIdsAreForgottenFirst() {
        open("dedupe-ids=10");
        IntStream.range(0, 50).forEach(id -> engine.publish(message("t").id("" + id).build()));
        assertThat(engine.publish(message("t").id("49").build()).duplicate()).isTrue();
        assertThat(engine.publish(message("t").id("0").build()).duplicate()).isFalse();
    }

    // Delay

    @Test
    void delayedMessageWaitsForItsTime() {
        Collector tail = engine.read("t", StartAt.now());
        var stored =
                engine.publish(message("t").text("x").deliverAfter(Duration.ofHours(1)).build());
        assertThat(stored.position()).isEmpty();
        engine.pass(Duration.ofMinutes(59));
        assertThat(messages("t")).isZero();
        engine.pass(Duration.ofMinutes(1));
        Received received = tail.take();
        assertThat(received.message().text()).isEqualTo("x");
        assertThat(received.message().id()).contains(stored.id());
    }

    @Test
    void delayedMessageSurvivesACrashAndComesOnce() {
        engine.publish(message("t").text("early").deliverAfter(Duration.ofMinutes(1)).build());
        engine.publish(message("t").text("late").deliverAfter(Duration.ofHours(1)).build());
        engine = engine.crash();
        Collector tail = engine.read("t", StartAt.now());
        engine.pass(Duration.ofMinutes(1));
        assertThat(tail.takeTexts(1)).containsExactly("early");
        engine = engine.crash();
        Collector again = engine.read("t", StartAt.earliest());
        engine.pass(Duration.ofHours(1));
        assertThat(again.takeTexts(2)).containsExactly("early", "late");
        assertThat(again.delivered).isEmpty();
    }

    @Test
    void wallClockJumpsDoNotMoveDelays() {
        engine.publish(message("t").text("x").deliverAfter(Duration.ofHours(1)).build());
        engine.clock.jump(Duration.ofDays(3650));
        engine.pass(Duration.ofMinutes(1));
        assertThat(messages("t")).isZero();
        engine.clock.jump(Duration.ofDays(-7300));
        engine.pass(Duration.ofMinutes(59));
        await().until(() -> messages("t") == 1);
    }

    @Test
    void timeBetweenTwoRunsCountsButAtMostADay() {
        engine.publish(message("t").deliverAfter(Duration.ofHours(20)).build());
        engine.publish(message("t").deliverAfter(Duration.ofHours(30)).build());
        engine.close();
        engine.clock.jump(Duration.ofDays(3650));
        engine = engine.crash();
        await().until(() -> messages("t") == 1);
        engine.pass(Duration.ofHours(6));
        await().until(() -> messages("t") == 2);
    }

    @Test
    void duplicateOfADelayedMessageIsNotStored() {
        engine.publish(message("t").id("a").deliverAfter(Duration.ofHours(1)).build());
        assertThat(engine.publish(message("t").id("a").build()))
                .isEqualTo(PublishResult.stored("a", java.util.Optional.empty(), true));
        engine = engine.crash();
        assertThat(engine.publish(message("t").id("a").build()).duplicate()).isTrue();
    }

    // Time to live

    @Test
    void messageOutOfDateIsPassedOver() {
        engine.publish(message("t").text("short").timeToLive(Duration.ofMinutes(1)).build());
        engine.publish(message("t").text("long").timeToLive(Duration.ofHours(1)).build());
        engine.join("t", "g", StartAt.earliest(), 0).close();
        engine.pass(Duration.ofMinutes(1));
        assertThat(engine.join("t", "g", StartAt.earliest()).takeTexts(1)).containsExactly("long");
        assertThat(engine.read("t", StartAt.earliest()).takeTexts(1)).containsExactly("long");
        assertThat(engine.administration.peek("t", StartAt.earliest(), 10)).hasSize(1);
    }

    @Test
    void timeToLiveGoesByTheMessagesOwnTime() {
        Message old =
                Message.to("t")
                        .timestamp(Instant.ofEpochMilli(engine.clock.wallMillis() - 60_000))
                        .timeToLive(Duration.ofSeconds(59))
                        .build();
        engine.publish(old);
        assertThat(engine.administration.peek("t", StartAt.earliest(), 10)).isEmpty();
    }

    @Test
    void messagesOutOfDateAreRemovedFromTheBeginning() {
        for (int minutes : new int[] {1, 2, 60, 3}) {
            engine.publish(message("t").timeToLive(Duration.ofMinutes(minutes)).build());
        }
        engine.pass(Duration.ofMinutes(10));
        engine.engine.retention().enforce();
        await().until(() -> messages("t") == 2);
    }

    // Retention

    @Test
    void retentionByCountKeepsTheNewest() {
        open("retention-count=3");
        publish(10);
        engine.engine.retention().enforce();
        await().until(() -> messages("t") == 3);
        assertThat(engine.read("t", StartAt.earliest()).takeTexts(3))
                .containsExactly("7", "8", "9");
    }

    @Test
    void retentionByAgeKeepsTheYoung() {
        open("retention-age=1h");
        publish(5);
        engine.pass(Duration.ofMinutes(61));
        publish(2);
        engine.clock.jump(Duration.ofDays(3650));
        engine.engine.retention().enforce();
        await().until(() -> messages("t") <= 2);
        assertThat(messages("t")).isEqualTo(2);
    }

    @Test
    void retentionByBytesKeepsTheNewest() {
        open("retention-bytes=64KiB");
        for (int number = 0; number < 100; number++) {
            engine.publish(message("t").payload(new byte[4096]).build());
        }
        engine.engine.retention().enforce();
        await().until(() -> messages("t") <= 16);
        assertThat(messages("t")).isGreaterThan(8);
    }

    @Test
    void retentionOfAllTopicsTakesFromTheLargest() {
        open("retention-total-bytes=256KiB");
        engine.publish("small", "x");
        for (int number = 0; number < 100; number++) {
            engine.publish(message("large").payload(new byte[8192]).build());
        }
        await().until(() -> {
            engine.pass(Duration.ofSeconds(1));
            return messages("large") < 33;
        });
        assertThat(messages("small")).isEqualTo(1);
        assertThat(messages("large")).isGreaterThan(10);
    }

    // A full disk, and a broken one

    @Test
    void fullDiskRefusesMessagesButTakesAcks() {
        publish(3);
        Collector member = engine.join("t", "g", StartAt.earliest());
        List<Received> all = member.take(3);
        engine.storage.full(true);
        PublishResult refused = fillUp();
        assertThat(refused).isInstanceOf(PublishResult.Refused.class);
        assertThat(((PublishResult.Refused) refused).retriable()).isTrue();
        assertThat(((PublishResult.Refused) refused).reason()).contains("disk is full");
        assertThat(member.ack(all.getFirst()).stale()).isEmpty();
        assertThat(engine.read("t", StartAt.earliest()).takeTexts(3)).contains("2");
        engine.storage.full(false);
        await().until(() -> {
            engine.pass(Duration.ofSeconds(1));
            return engine.send(message("t").build()).join() instanceof PublishResult.Stored;
        });
        assertThat(member.ack(all.get(1)).stale()).isEmpty();
    }

    private PublishResult fillUp() {
        PublishResult result;
        do {
            result = engine.send(message("fill").payload(new byte[60_000]).build()).join();
        } while (result instanceof PublishResult.Stored);
        return result;
    }

    @Test
    void brokenLogTellsEverybody() {
        publish(1);
        Collector member = engine.join("t", "g", StartAt.earliest());
        Collector tail = engine.read("t", StartAt.earliest());
        member.take();
        var reasons = new java.util.concurrent.ConcurrentLinkedQueue<String>();
        engine.engine.onBroken(reasons::add);
        KillableStorage left = engine.storage.afterwards();
        assertThat(engine.send(message("t").build()).join())
                .isInstanceOfAny(PublishResult.Unknown.class, PublishResult.Refused.class);
        await().until(() -> member.failures.size() == 1 && tail.failures.size() == 1);
        assertThat(reasons).first().asString().contains("restart the process");
        assertThat(engine.send(message("t").build()).join())
                .isEqualTo(new PublishResult.Refused(Refusals.POISONED, false));
        engine.close();
        engine = TestEngine.open(left, engine.clock, "");
        publish(1);
    }
}
