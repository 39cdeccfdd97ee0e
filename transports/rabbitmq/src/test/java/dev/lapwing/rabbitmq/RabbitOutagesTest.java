// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult;
import dev.lapwing.PublishUnknownException;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The server restarts, goes silent, or runs short of memory. */
class RabbitOutagesTest {
    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(5);
    private static final byte[] LARGE = new byte[16 << 20];
    private static RabbitServer server;

    private final String topic = "t-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void alarm() {
        server.control("set_vm_memory_high_watermark", "0");
    }

    private static void allClear() {
        server.control("set_vm_memory_high_watermark", "0.9");
    }

    private static ConnectOptions impatient() {
        return ConnectOptions.defaults()
                .withMaxPayloadBytes(LARGE.length)
                .withPublishTimeout(PUBLISH_TIMEOUT);
    }

    @Test
    void serverRestartedWhileIdleAndTwiceInOneBackOffIsComeBackTo() {
        var states = new CopyOnWriteArrayList<ConnectionState>();
        var grouped = new Ear();
        var pattern = new Ear();
        var alone = new Ear();
        try (Lapwing lapwing =
                Lapwing.connect(server.uri() + "?heartbeat=1s&exchange=own&durable=false")) {
            lapwing.onStateChange(states::add);
            lapwing.subscribe(topic).group("g").handle(grouped);
            lapwing.subscribe("*").group("p").handle(pattern);
            lapwing.subscribe(topic).handle(alone);
            server.restart();
            server.restart();
            Ear.eventually(() ->
                    assertThat(states)
                            .hasAtLeastOneElementOfType(ConnectionState.Reconnecting.class));
            Ear.eventually(() ->
                    assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
            lapwing.publish(topic, "after");
            for (Ear ear : List.of(grouped, pattern, alone)) {
                Ear.eventually(() -> assertThat(ear.texts()).containsExactly("after"));
            }
        }
    }

    @Test
    void alarmIsBackpressureAndGoesOnWhenItClears() {
        var ear = new Ear();
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?blocked-timeout=1s", impatient())) {
            lapwing.subscribe(topic).group("g").handle(ear);
            lapwing.publish(topic, "before");
            alarm();
            try {
                assertThatThrownBy(() -> lapwing.publish(topic, "under way"))
                        .isInstanceOf(PublishUnknownException.class);
                assertThatThrownBy(() -> lapwing.publish(topic, "refused"))
                        .isInstanceOfSatisfying(
                                PublishRefusedException.class,
                                refusal -> assertThat(refusal.isRetriable()).isTrue())
                        .hasMessageContaining("blocks publishers");
                Ear.eventually(() -> assertThat(ear.texts()).containsExactly("before"));
            } finally {
                allClear();
            }
            Ear.eventually(() -> lapwing.publish(topic, "after"));
            Ear.eventually(() ->
                    assertThat(ear.texts())
                            .startsWith("before")
                            .contains("under way", "after")
                            .doesNotContain("refused"));
        }
    }

    @Test
    void whatWaitsInAnAlarmIsStoredInItsOrderWhenItClears() {
        var ear = new Ear();
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?blocked-timeout=5m")) {
            lapwing.subscribe(topic).group("g").concurrency(1).handle(ear);
            alarm();
            List<CompletableFuture<PublishResult.Stored>> all =
                    IntStream.range(0, 200)
                            .mapToObj(at ->
                                    lapwing.publishAsync(Message.to(topic).text("m" + at).build()))
                            .toList();
            allClear();
            all.forEach(CompletableFuture::join);
            Ear.eventually(() ->
                    assertThat(ear.texts())
                            .containsExactlyElementsOf(
                                    IntStream.range(0, 200).mapToObj(at -> "m" + at).toList()));
        }
    }

    @Test
    void consumersAcknowledgeDuringAnAlarm() throws Exception {
        var ear = new Ear();
        try (Lapwing lapwing = Lapwing.connect(server.uri(), impatient());
                RawRabbit raw = new RawRabbit(server)) {
            lapwing.subscribe(topic).group("g").handle(delivery -> {}).close();
            lapwing.publishAll(
                    IntStream.range(0, 100)
                            .mapToObj(at -> Message.to(topic).text("m" + at).build())
                            .toList());
            alarm();
            try {
                assertThatThrownBy(() -> lapwing.publish(topic, "under way"))
                        .isInstanceOf(PublishUnknownException.class);
                var working = lapwing.subscribe(topic).group("g").handle(ear);
                Ear.eventually(() -> assertThat(working.statistics().accepted()).isEqualTo(100));
                working.close();
                assertThat(raw.channel().queueDeclarePassive(topic + ".g").getMessageCount())
                        .isZero();
            } finally {
                allClear();
            }
        }
    }

    /** A socket that is full holds up who writes to it. */
    @Test
    void largeMessageInAnAlarmEndsInTime() {
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?blocked-timeout=1s", impatient())) {
            lapwing.subscribe(topic).group("g").handle(new Ear());
            alarm();
            try {
                assertThatThrownBy(() -> lapwing.publish(topic, LARGE))
                        .isInstanceOf(PublishUnknownException.class);
            } finally {
                allClear();
            }
            Ear.eventually(() -> lapwing.publish(topic, "after"));
        }
    }

    @Test
    void closingDuringAnAlarmEnds() {
        Lapwing lapwing =
                Lapwing.connect(
                        server.uri() + "?blocked-timeout=1s",
                        impatient().withDrainTimeout(Duration.ofSeconds(1)));
        lapwing.subscribe(topic).group("g").handle(new Ear());
        alarm();
        try {
            var stuck = lapwing.publishAsync(Message.to(topic).text("under way").build());
            lapwing.close();
            assertThat(stuck).isDone();
        } finally {
            allClear();
        }
    }

    /** Nothing is read and nothing is closed, while the socket is full of what is published. */
    @Test
    void silentLinkUnderLargeMessagesIsMadeAnew() {
        try (LinkProxy proxy = server.proxy();
                Lapwing lapwing = Lapwing.connect(proxy.uri() + "?heartbeat=1s", impatient())) {
            lapwing.subscribe(topic).group("g").handle(new Ear());
            proxy.freeze();
            var writing =
                    CompletableFuture.runAsync(() -> {
                        lapwing.publish(topic, LARGE);
                    });
            Ear.eventually(() ->
                    assertThat(lapwing.state()).isInstanceOf(ConnectionState.Reconnecting.class));
            assertThatThrownBy(writing::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(LapwingException.class);
            proxy.thaw();
            Ear.eventually(() -> lapwing.publish(topic, "after"));
        }
    }
}
