// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Gap;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.testbed.KafkaOptions;
import dev.lapwing.testbed.KafkaServer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What the suite does not ask of every transport, on a real server. */
class KafkaTest {

    private static KafkaServer server;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void startServer() {
        server = KafkaServer.start(KafkaOptions.standard().withConfig("log.segment.bytes=8388608"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Lapwing connect(String options) {
        return Lapwing.connect(server.uri() + "?refresh=200ms" + options);
    }

    private static Admin admin() {
        return Admin.create(
                Map.of("bootstrap.servers", (Object) (server.host() + ":" + server.port())));
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }

    private List<String> publish(Lapwing lapwing, int from, int to) {
        List<String> texts =
                new ArrayList<>(IntStream.range(from, to).mapToObj(at -> "m" + at).toList());
        lapwing.publishAll(
                texts.stream().map(text -> Message.to(topic).text(text).build()).toList());
        return texts;
    }

    @Test
    void slowHandlerNeverTripsThePollInterval() throws Exception {
        try (var lapwing = connect("&max-poll-interval=1s");
                var other = connect("&max-poll-interval=1s")) {
            var never = new CountDownLatch(1);
            var attempts = new CopyOnWriteArrayList<Integer>();
            Subscription slow =
                    lapwing.subscribe(topic)
                            .group("slow")
                            .prefetch(1)
                            .handle(delivery -> {
                                attempts.add(delivery.attempt());
                                assertThat(never.await(3, TimeUnit.SECONDS)).isFalse();
                            });
            publish(lapwing, 0, 1);
            await(() -> assertThat(slow.statistics().accepted()).isEqualTo(1));
            assertThat(attempts).containsExactly(1);
            assertThat(slow.statistics().lost()).isZero();
            assertThat(slow.statistics().stale()).isZero();
            await(() -> assertThat(lag(other, "slow")).isZero());
        }
    }

    private long lag(Lapwing lapwing, String group) {
        return lapwing.administration().groups(topic).stream()
                .filter(info -> info.name().equals(group))
                .findFirst()
                .orElseThrow()
                .lag();
    }

    @Test
    void rebalanceUnderLoadLosesNothing() {
        rebalanceUnderLoad("auto");
    }

    @Test
    void rebalanceUnderLoadLosesNothingWithTheClassicProtocolEither() {
        rebalanceUnderLoad("classic");
    }

    private void rebalanceUnderLoad(String protocol) {
        try (var first = connect("&protocol=" + protocol);
                var second = connect("&protocol=" + protocol)) {
            Map<String, Integer> handled = new ConcurrentHashMap<>();
            first.subscribe(topic)
                    .group("g")
                    .concurrency(4)
                    .handle(each -> handled.merge(each.text(), 1, Integer::sum));
            var all = new ArrayList<String>();
            for (int turn = 0; turn < 3; turn++) {
                all.addAll(publish(first, turn * 1000, turn * 1000 + 500));
                Subscription guest =
                        second.subscribe(topic)
                                .group("g")
                                .handle(each -> handled.merge(each.text(), 1, Integer::sum));
                all.addAll(publish(first, turn * 1000 + 500, turn * 1000 + 1000));
                guest.close();
            }
            await(() -> assertThat(handled.keySet()).containsExactlyInAnyOrderElementsOf(all));
            await(() -> assertThat(lag(first, "g")).isZero());
        }
    }

    @Test
    void commitNeverPassesAnUnsettledMessage() {
        List<String> texts;
        var never = new CountDownLatch(1);
        try (var lapwing = connect("&partitions=1")) {
            var handled = ConcurrentHashMap.<String>newKeySet();
            Subscription held =
                    lapwing.subscribe(topic)
                            .group("g")
                            .concurrency(4)
                            .handle(delivery -> {
                                if (delivery.text().equals("m3")) {
                                    never.await();
                                }
                                handled.add(delivery.text());
                            });
            texts = publish(lapwing, 0, 20);
            await(() -> assertThat(handled).hasSize(19));
            await(() -> assertThat(lag(lapwing, "g")).isEqualTo(17));
            assertThat(held.drain(Duration.ofMillis(50))).isFalse();
            assertThat(lag(lapwing, "g")).isEqualTo(17);
        }
        try (var lapwing = connect("")) {
            var handled = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(topic).group("g").handle(each -> handled.add(each.text()));
            await(() -> assertThat(handled).isEqualTo(texts.subList(3, 20)));
        } finally {
            never.countDown();
        }
    }

    @Test
    void positionResumesOverManyPartitions() {
        try (var lapwing = connect("&partitions=48")) {
            record Seen(String text, Position position) {}
            var seen = new CopyOnWriteArrayList<Seen>();
            Subscription first =
                    lapwing.subscribe(topic)
                            .handle(each ->
                                    seen.add(new Seen(each.text(), each.position().orElseThrow())));
            List<String> texts = publish(lapwing, 0, 200);
            await(() -> assertThat(seen).hasSize(200));
            first.close();
            texts.addAll(publish(lapwing, 200, 220));
            for (int at : new int[] {0, 77, 199}) {
                var rest = new ArrayList<>(texts);
                seen.subList(0, at + 1).forEach(each -> rest.remove(each.text()));
                var resumed = new CopyOnWriteArrayList<String>();
                Subscription second =
                        lapwing.subscribe(topic)
                                .from(StartAt.after(seen.get(at).position()))
                                .handle(each -> resumed.add(each.text()));
                await(() -> assertThat(resumed).containsExactlyInAnyOrderElementsOf(rest));
                second.close();
            }
        }
    }

    @Test
    void tombstoneAndForeignRecordsArriveAsMessages() throws Exception {
        try (var lapwing = connect("&partitions=1");
                var producer =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        (Object) (server.host() + ":" + server.port())),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            var messages = new CopyOnWriteArrayList<Message>();
            lapwing.subscribe(topic).handle(each -> messages.add(each.message()));
            byte[] key = {(byte) 0xFF, 1};
            producer.send(new ProducerRecord<>(topic, key, null));
            producer.send(
                            new ProducerRecord<byte[], byte[]>(
                                    topic,
                                    null,
                                    (byte[]) null,
                                    new byte[] {0, -1},
                                    List.of(
                                            new RecordHeader("h", (byte[]) null),
                                            new RecordHeader("h", new byte[] {1}))))
                    .get();
            await(() -> assertThat(messages).hasSize(2));
            assertThat(messages.getFirst().isTombstone()).isTrue();
            assertThat(messages.getFirst().payload()).isEmpty();
            assertThat(messages.getFirst().key()).contains("0xff01");
            assertThat(messages.getFirst().id()).contains(topic + "/0:0");
            assertThat(messages.getLast().isTombstone()).isFalse();
            assertThat(messages.getLast().payload()).containsExactly(0, -1);
            assertThat(messages.getLast().headers().entries())
                    .extracting(header -> header.value().length)
                    .containsExactly(0, 1);
        }
    }

    @Test
    void payloadOverTheLimitOfItsTopicIsRefusedWithTheReason() throws Exception {
        try (var admin = admin();
                var lapwing = connect("")) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(topic, 1, (short) 1)
                                            .configs(Map.of("max.message.bytes", "1000"))))
                    .all()
                    .get();
            assertThatThrownBy(() -> lapwing.publish(topic, new byte[5000]))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining(topic)
                    .hasMessageContaining("max.message.bytes");
            lapwing.publish(topic, new byte[100]);
        }
    }

    @Test
    void topicMadeHereTakesTheLargestPayload() {
        try (var lapwing = connect("")) {
            lapwing.publish(topic, new byte[1 << 20]);
        }
    }

    @Test
    void topicThatMustNotBeMadeIsToldAsMissing() {
        try (var lapwing = connect("&create=false")) {
            assertThatThrownBy(() -> lapwing.publish(topic, "x"))
                    .isInstanceOf(PublishRefusedException.class)
                    .hasMessageContaining(topic)
                    .hasMessageContaining("create=false");
            assertThatThrownBy(() -> lapwing.subscribe(topic).handle(each -> {}))
                    .isInstanceOf(LapwingException.class)
                    .hasMessageContaining(topic);
        }
    }

    @Test
    void newPartitionsAreReadFromTheirBeginning() throws Exception {
        try (var admin = admin();
                var lapwing = connect("&partitions=1");
                var producer =
                        new KafkaProducer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        (Object) (server.host() + ":" + server.port()),
                                        "metadata.max.age.ms",
                                        100),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            Set<String> alone = ConcurrentHashMap.newKeySet();
            lapwing.subscribe(topic).handle(each -> alone.add(each.text()));
            lapwing.publish(topic, "old");
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
            await(() -> assertThat(producer.partitionsFor(topic)).hasSize(3));
            producer.send(new ProducerRecord<>(topic, 2, null, "new".getBytes())).get();
            await(() -> assertThat(alone).containsExactlyInAnyOrder("old", "new"));
        }
    }

    @Test
    void purgeUnderAReaderIsToldAsAGap() {
        try (var lapwing = connect("&partitions=1")) {
            var gaps = new CopyOnWriteArrayList<Gap>();
            var texts = new CopyOnWriteArrayList<String>();
            Subscription reader =
                    lapwing.subscribe(topic)
                            .onGap(gaps::add)
                            .prefetch(1)
                            .retry(Retry.never())
                            .handle(each -> texts.add(each.text()));
            reader.pause();
            publish(lapwing, 0, 10);
            assertThat(lapwing.administration().purge(topic)).isEqualTo(10);
            publish(lapwing, 10, 11);
            reader.resume();
            await(() -> assertThat(texts).contains("m10"));
            long told = gaps.stream().mapToLong(Gap::messages).sum();
            assertThat(told + texts.size()).isEqualTo(11);
        }
    }
}
