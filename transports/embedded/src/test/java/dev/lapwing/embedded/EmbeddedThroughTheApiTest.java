// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What a user of the API sees of a log on disk. */
final class EmbeddedThroughTheApiTest {
    @TempDir Path directory;

    private Lapwing connect() {
        return Lapwing.connect("embedded:" + directory);
    }

    @Test
    void messagesSurviveAReopen() {
        PublishResult.Stored first;
        try (var lapwing = connect()) {
            first = lapwing.publish("orders.created", "one");
            lapwing.publish(
                    Message.to("orders.created")
                            .id("2")
                            .key("k")
                            .header("h", "v")
                            .text("two")
                            .build());
        }
        assertThat(first.position().orElseThrow().token()).isEqualTo("0");
        try (var lapwing = connect()) {
            var seen = new ConcurrentLinkedQueue<Message>();
            var subscription =
                    lapwing.subscribe("orders.created")
                            .from(StartAt.earliest())
                            .handle(delivery -> seen.add(delivery.message()));
            await().until(() -> seen.size() == 2);
            subscription.close();
            assertThat(seen.poll().id()).contains(first.id());
            Message second = seen.poll();
            assertThat(second.key()).contains("k");
            assertThat(second.header("h")).contains("v");
            assertThat(second.text()).isEqualTo("two");
        }
    }

    @Test
    void aGroupGoesOnWhereItStood() {
        try (var lapwing = connect()) {
            var seen = new ConcurrentLinkedQueue<String>();
            var subscription =
                    lapwing.subscribe("jobs")
                            .group("g")
                            .handle(delivery -> seen.add(delivery.text()));
            lapwing.publish("jobs", "1");
            lapwing.publish("jobs", "2");
            await().until(() -> seen.size() == 2);
            subscription.close();
            assertThat(lapwing.administration().groups("jobs").getFirst().lag()).isZero();
            lapwing.publish("jobs", "3");
        }
        try (var lapwing = connect()) {
            assertThat(lapwing.administration().groups("jobs").getFirst().lag()).isOne();
            var seen = new ConcurrentLinkedQueue<String>();
            lapwing.subscribe("jobs").group("g").handle(delivery -> seen.add(delivery.text()));
            await().until(() -> !seen.isEmpty());
            assertThat(seen).containsExactly("3");
        }
    }

    @Test
    void aDelayedMessageComesWhenItIsDue() {
        try (var lapwing = connect()) {
            var seen = new ConcurrentLinkedQueue<String>();
            lapwing.subscribe("later").handle(delivery -> seen.add(delivery.text()));
            var message =
                    Message.to("later").text("x").deliverAfter(Duration.ofMillis(200)).build();
            var stored = lapwing.publish(message);
            assertThat(stored.position()).isEmpty();
            assertThat(seen).isEmpty();
            await().until(() -> !seen.isEmpty());
        }
    }

    @Test
    void anIdIsStoredOnce() {
        try (var lapwing = connect()) {
            var one = lapwing.publish(Message.to("ids").id("a").text("1").build());
            var two = lapwing.publish(Message.to("ids").id("a").text("1").build());
            assertThat(two).isEqualTo(PublishResult.stored("a", one.position(), true));
        }
        try (var lapwing = connect()) {
            assertThat(lapwing.publish(Message.to("ids").id("a").text("1").build()).duplicate())
                    .isTrue();
        }
    }

    @Test
    void aFailedMessageComesAgainAndThenIsADeadLetter() {
        try (var lapwing = connect()) {
            var attempts = new ConcurrentLinkedQueue<Integer>();
            lapwing.subscribe("work")
                    .group("g")
                    .retry(dev.lapwing.Retry.fixed(Duration.ofMillis(10)).upTo(3))
                    .handle(delivery -> {
                        attempts.add(delivery.attempt());
                        throw new IllegalStateException("no");
                    });
            lapwing.publish("work", "1");
            await().until(() -> !lapwing.administration().topic("_dead.g.work").isEmpty());
            assertThat(List.copyOf(attempts)).containsExactly(1, 2, 3);
        }
    }
}
