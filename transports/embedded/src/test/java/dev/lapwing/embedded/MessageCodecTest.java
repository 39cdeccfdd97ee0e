// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

final class MessageCodecTest {
    private static final Instant TIME = Instant.parse("2026-11-21T09:00:00.123456Z");

    private final TestEngine engine = TestEngine.repeatable();
    private final Topic topic = engine.engine.topics().open("订单.created");

    @AfterEach
    void close() {
        engine.close();
    }

    private static ByteBuffer encode(Message message) {
        var prepared = MessageCodec.prepare(message, message.id().orElse(null), 4711);
        ByteBuffer record = ByteBuffer.allocate(prepared.size());
        prepared.writeTo(record);
        assertThat(record.remaining()).isZero();
        return record.flip();
    }

    private static MessageBuilder message() {
        return Message.to("订单.created").timestamp(TIME);
    }

    private static Message full() {
        return message()
                .id("id-1")
                .key("customer 7")
                .header("a", "1")
                .header("a", "2")
                .headers(Headers.none().with("a", "1").with("b", new byte[] {(byte) 0xFF, 0}))
                .timeToLive(Duration.ofSeconds(5))
                .replyTo("_reply.x")
                .correlationId("c")
                .text("内容")
                .build();
    }

    @Test
    void plainMessageIsItsTimeAndItsPayload() {
        assertThat(HexFormat.of().formatHex(encode(message().text("hello").build()).array()))
                .isEqualTo("0100000660c595e8664068656c6c6f");
    }

    @Test
    void fullMessageKeepsItsBytesForEver() {
        assertThat(HexFormat.of().formatHex(encode(full()).array()))
                .isEqualTo(
                        "013f000660c595e86640"
                                + "2be724c096b102"
                                + "0469642d310a637573746f6d65722037085f7265706c792e780163"
                                + "0201610131016202ff00"
                                + "e58685e5aeb9");
    }

    @Test
    void everyFieldComesBack() {
        StoredMessage read = new StoredMessage(topic, 42, encode(full()));
        assertThat(read.topic()).isEqualTo("订单.created");
        assertThat(read.id()).contains("id-1");
        assertThat(read.key()).contains("customer 7");
        assertThat(read.headers().entries().stream().map(Headers.Header::name))
                .containsExactly("a", "b");
        assertThat(read.headers().entries().get(1).value()).containsExactly(0xFF, 0);
        assertThat(read.timeToLive()).contains(Duration.ofSeconds(5));
        assertThat(read.replyTo()).contains("_reply.x");
        assertThat(read.correlationId()).contains("c");
        assertThat(read.timestamp()).isEqualTo(TIME);
        assertThat(read.text()).isEqualTo("内容");
        assertThat(read.position().orElseThrow().token()).isEqualTo("42");
        assertThat(read.isTombstone()).isFalse();
        assertThat(read.deliverAfter()).isEmpty();
        assertThat(read.priority()).isEmpty();
    }

    @Test
    void randomMessagesComeBack() {
        long seed = Long.getLong("lapwing.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 2000; round++) {
            Message original = random(random);
            StoredMessage read = new StoredMessage(topic, round, encode(original));
            assertThat(read.id()).isEqualTo(original.id().or(() -> read.id()));
            assertThat(read.key()).isEqualTo(original.key());
            assertThat(read.replyTo()).isEqualTo(original.replyTo());
            assertThat(read.correlationId()).isEqualTo(original.correlationId());
            assertThat(read.timeToLive()).isEqualTo(original.timeToLive());
            assertThat(read.timestamp()).isEqualTo(original.timestamp());
            assertThat(read.payload()).isEqualTo(original.payload());
            assertThat(read.headers().toString()).isEqualTo(original.headers().toString());
        }
    }

    private static Message random(Random random) {
        byte[] payload = new byte[random.nextInt(300)];
        random.nextBytes(payload);
        var message = Message.to("订单.created").payload(payload);
        message.timestamp(
                Instant.ofEpochSecond(random.nextLong(-1L << 36, 1L << 36))
                        .plusNanos(random.nextInt(1_000_000) * 1000L));
        if (random.nextBoolean()) {
            message.id("i".repeat(1 + random.nextInt(255)));
        }
        if (random.nextBoolean()) {
            message.key("ключ".repeat(random.nextInt(100)));
        }
        if (random.nextBoolean()) {
            message.timeToLive(Duration.ofMillis(random.nextLong(1, 1L << 40)));
        }
        if (random.nextBoolean()) {
            message.replyTo("r" + random.nextInt());
        }
        if (random.nextBoolean()) {
            message.correlationId("c" + random.nextInt());
        }
        for (int header = random.nextInt(4); header > 0; header--) {
            message.header("h" + random.nextInt(3), "v".repeat(random.nextInt(200)));
        }
        return message.build();
    }

    @Test
    void messageWithoutAnIdGetsOneOfItsPlace() {
        StoredMessage read = new StoredMessage(topic, 42, encode(message().build()));
        String prefix = engine.engine.name() + "-" + topic.number() + "-";
        assertThat(read.id()).contains(prefix + "42");
    }

    @Test
    void timeToLiveIsSeenWithoutReadingTheRest() {
        assertThat(MessageCodec.isExpired(encode(full()), 4711)).isTrue();
        assertThat(MessageCodec.isExpired(encode(full()), 4710)).isFalse();
        assertThat(MessageCodec.isExpired(encode(message().build()), Long.MAX_VALUE)).isFalse();
    }

    @Test
    void recordOfAnotherVersionIsRefused() {
        for (byte[] start : List.of(new byte[] {2, 0}, new byte[] {1, (byte) 0x80})) {
            ByteBuffer record = ByteBuffer.allocate(20).put(start).position(0);
            assertThatThrownBy(() -> new StoredMessage(topic, 0, record))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("use the one that wrote it, or a newer one");
        }
    }
}
