// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Beside redis-py and redis-cli. */
class RedisInteropTest {

    private static final RedisServer SERVER = RedisServer.start();
    private static final String PORT = Integer.toString(SERVER.port());
    private static final String CHANNELS = SERVER.uri() + "?mode=pubsub";

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void forgetAll() throws Exception {
        redisCli("FLUSHALL");
    }

    @Test
    void redisPyReadsWhatLapwingWritesToAStream() throws Exception {
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri());
                Foreign redis = Foreign.python("redis_read.py", PORT, "stream", Sample.TOPIC)) {
            lapwing.publish(Sample.message());
            Sample.assertWhole(redis.awaitLine("ready").message());
        }
    }

    @Test
    void lapwingReadsWhatRedisPyWritesToAStream() throws Exception {
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.subscribe(Sample.TOPIC).group("foreign").handle(d -> inbox.add(d.message()));
            try (Foreign redis =
                    Foreign.python(
                            "redis_write.py",
                            PORT,
                            "stream",
                            Sample.TOPIC,
                            Sample.hex(),
                            Sample.HEADER,
                            Sample.VALUE,
                            Sample.UNICODE_HEADER,
                            Sample.UNICODE_VALUE)) {
                redis.awaitEnd();
            }
            Sample.assertWhole(inbox.next());
        }
    }

    @Test
    void redisCliReadsWhatLapwingWritesToAStream() throws Exception {
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.publish(Sample.message());
        }
        String shown = text(redisCli("--no-raw", "XRANGE", Sample.TOPIC, "-", "+"));
        assertThat(shown).contains("\"data\"", "\\x00\\x01", "\\xfe\\xff", Sample.VALUE);
    }

    @Test
    void lapwingReadsWhatRedisCliWritesToAStream() throws Exception {
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.subscribe(Sample.TOPIC).group("foreign").handle(d -> inbox.add(d.message()));
            Foreign.run(
                    Sample.payload(),
                    List.of(
                            "redis-cli",
                            "-p",
                            PORT,
                            "-x",
                            "XADD",
                            Sample.TOPIC,
                            "*",
                            Sample.HEADER,
                            Sample.VALUE,
                            Sample.UNICODE_HEADER,
                            Sample.UNICODE_VALUE,
                            "data"));
            Sample.assertWhole(inbox.next());
        }
    }

    @Test
    void redisPyHearsWhatLapwingSaysOnAChannel() throws Exception {
        try (Lapwing lapwing = Lapwing.connect(CHANNELS);
                Foreign redis = Foreign.python("redis_read.py", PORT, "channel", Sample.TOPIC)) {
            redis.awaitLine("ready");
            lapwing.publish(Sample.TOPIC, Sample.payload());
            assertThat(redis.message().payload()).isEqualTo(Sample.payload());
        }
    }

    @Test
    void lapwingHearsWhatRedisPySaysOnAChannel() throws Exception {
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(CHANNELS)) {
            lapwing.subscribe(Sample.TOPIC)
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(d -> inbox.add(d.message()));
            try (Foreign redis =
                    Foreign.python("redis_write.py", PORT, "channel", Sample.TOPIC, Sample.hex())) {
                redis.awaitEnd();
            }
            assertThat(inbox.next().payload()).isEqualTo(Sample.payload());
        }
    }

    private static byte[] redisCli(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("redis-cli", "-p", PORT));
        command.addAll(Arrays.asList(arguments));
        return Foreign.run(new byte[0], command);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
