// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.Gap;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Transport;
import dev.lapwing.testbed.RedisServer;

import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What groups of a stream do when their members die, and their entries are trimmed. */
class RedisGroupsTest {
    private static RedisServer server;

    private final String topic = "t-" + UUID.randomUUID();
    private Foreign foreign;
    private Transport transport;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        foreign = new Foreign(server);
        transport = Ear.transport(server.uri());
    }

    @AfterEach
    void close() {
        transport.close();
        foreign.close();
    }

    private List<String> add(int count) {
        return java.util.stream.IntStream.range(0, count)
                .mapToObj(at -> foreign.does().xadd(topic, Map.of("data", "m" + at)))
                .toList();
    }

    private void makeGroup() {
        foreign.does()
                .xgroupCreate(
                        XReadArgs.StreamOffset.from(topic, "0-0"),
                        "g",
                        XGroupCreateArgs.Builder.mkstream());
    }

    @Test
    void entriesOfADeadConsumerAreClaimedWhenTheirLeaseIsOver() {
        makeGroup();
        add(5);
        foreign.readAndDie(topic, "g", 5);
        try (Ear member = Ear.heir(transport, topic, "g").grant(5)) {
            Ear.eventually(() ->
                    assertThat(member.texts())
                            .containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "m4"));
            assertThat(member.delivered).extracting(Received::attempt).containsOnly(2);
            assertThat(member.ack(member.delivered).stale()).isEmpty();
            assertThat(foreign.does().xpending(topic, "g").getCount()).isZero();
        }
    }

    @Test
    void deletedEntriesDoNotStayPendingForEver() {
        makeGroup();
        List<String> ids = add(3);
        foreign.readAndDie(topic, "g", 3);
        foreign.does().xdel(topic, ids.get(1));
        try (Ear member = Ear.heir(transport, topic, "g").grant(2)) {
            Ear.eventually(() -> assertThat(member.texts()).containsExactlyInAnyOrder("m0", "m2"));
            Ear.eventually(
                    () -> assertThat(member.gaps).extracting(Gap::messages).containsExactly(1L));
            member.ack(member.delivered);
            assertThat(foreign.does().xpending(topic, "g").getCount()).isZero();
        }
    }

    @Test
    void whatWasTrimmedBeforeAGroupReadItIsToldAsAGap() {
        add(5);
        Ear.member(transport, topic, "g", StartAt.now()).close();
        add(100);
        foreign.does().xtrim(topic, 10);
        try (Ear member = Ear.member(transport, topic, "g", StartAt.now()).grant(100)) {
            Ear.eventually(() -> assertThat(member.texts()).hasSize(10));
            Ear.eventually(
                    () -> assertThat(member.gaps).extracting(Gap::messages).containsExactly(90L));
        }
    }

    @Test
    void trimmingWhatAGroupHasReadIsNoGap() {
        try (Ear member = Ear.member(transport, topic, "g", StartAt.now()).grant(100)) {
            add(20);
            Ear.eventually(() -> assertThat(member.texts()).hasSize(20));
            member.ack(member.delivered);
            foreign.does().xtrim(topic, 0);
            add(5);
            Ear.eventually(() -> assertThat(member.texts()).hasSize(25));
            add(1);
            Ear.eventually(() -> assertThat(member.texts()).hasSize(26));
            assertThat(member.gaps).isEmpty();
        }
    }

    @Test
    void whatWasTrimmedBeforeAPlainReaderReadItIsToldAsAGap() {
        add(2);
        try (Ear reader = Ear.alone(transport, topic, StartAt.earliest()).grant(1)) {
            Ear.eventually(() -> assertThat(reader.texts()).containsExactly("m0"));
            add(20);
            foreign.does().xtrim(topic, 5);
            reader.grant(100);
            Ear.eventually(() -> assertThat(reader.texts()).hasSize(6));
            Ear.eventually(
                    () -> assertThat(reader.gaps).extracting(Gap::messages).containsExactly(16L));
        }
    }

    @Test
    void membersThatLeaveTakeTheirNamesWithThem() {
        try (Ear member = Ear.member(transport, topic, "g", StartAt.now()).grant(3)) {
            add(5);
            Ear.eventually(() -> assertThat(member.texts()).hasSize(3));
        }
        assertThat(foreign.does().xpending(topic, "g").getConsumerMessageCount())
                .containsOnlyKeys(RedisNames.RELEASED);
        assertThat(foreign.does().xinfoConsumers(topic, "g")).hasSize(1);
    }

    @Test
    void deletedGroupEndsItsMembers() {
        try (Ear member = Ear.member(transport, topic, "g", StartAt.now()).grant(3)) {
            foreign.does().xgroupDestroy(topic, "g");
            Ear.eventually(
                    () -> assertThat(member.failures).hasOnlyElementsOfType(ClosedException.class));
            assertThat(member.failures.getFirst()).hasMessageContaining(topic);
        }
    }

    @Test
    void maxLengthTrimsTopicsAndSparesDeadLetters() {
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?max-length=100")) {
            for (String name : List.of(topic, "_dead.g." + topic)) {
                List<Message> messages =
                        java.util.stream.IntStream.range(0, 1000)
                                .mapToObj(at -> Message.to(name).text("m" + at).build())
                                .toList();
                lapwing.publishAll(messages);
            }
            assertThat(foreign.does().xlen(topic)).isBetween(100L, 300L);
            assertThat(foreign.does().xlen("_dead.g." + topic)).isEqualTo(1000L);
        }
    }

    @Test
    void entriesOfForeignClientsArriveWhole() {
        foreign.does().xadd(topic, "only", "payload");
        foreign.does().xadd(topic, "user", "1", "amount", "5", "user", "2");
        foreign.does().xadd(topic, "before", "h", "data", "payload", "data", "again");
        try (Ear reader = Ear.alone(transport, topic, StartAt.earliest()).grant(10)) {
            Ear.eventually(() -> assertThat(reader.delivered).hasSize(3));
            assertThat(reader.texts()).containsExactly("payload", "", "payload");
            assertThat(headers(reader, 0)).isEmpty();
            assertThat(headers(reader, 1)).containsExactly("user=1", "amount=5", "user=2");
            assertThat(headers(reader, 2)).containsExactly("before=h", "data=again");
        }
    }

    private static List<String> headers(Ear reader, int at) {
        return reader.delivered.get(at).message().headers().entries().stream()
                .map(header -> header.name() + "=" + header.text())
                .toList();
    }

    @Test
    void payloadFieldCanBeNamed() {
        foreign.does().xadd(topic, "kind", "order", "body", "payload");
        Transport named = Ear.transport(server.uri() + "?payload-field=body");
        try (Ear reader = Ear.alone(named, topic, StartAt.earliest()).grant(10)) {
            Ear.eventually(() -> assertThat(reader.texts()).containsExactly("payload"));
            assertThat(headers(reader, 0)).containsExactly("kind=order");
        } finally {
            named.close();
        }
    }

    @Test
    void rememberedIdsAreStoredOnce() {
        String uri = server.uri() + "?dedupe-window=1m";
        Message message = Message.to(topic).id("once").text("x").build();
        try (Lapwing lapwing = Lapwing.connect(uri)) {
            assertThat(lapwing.capabilities().isNative(Capability.DEDUPLICATION)).isTrue();
            var first = lapwing.publish(message);
            var second = lapwing.publish(message);
            assertThat(first.duplicate()).isFalse();
            assertThat(second.duplicate()).isTrue();
            assertThat(second.position()).isEqualTo(first.position());
        }
        assertThat(foreign.does().xlen(topic)).isEqualTo(1);
    }
}
