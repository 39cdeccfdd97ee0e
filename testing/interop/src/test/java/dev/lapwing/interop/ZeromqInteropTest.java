// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.testbed.Ports;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beside pyzmq, which is libzmq. */
class ZeromqInteropTest {

    private final String endpoint = "tcp://127.0.0.1:" + Ports.free();

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "subscriber"})
    void pyzmqHearsWhatLapwingPublishes(String binds) throws Exception {
        String way = binds.equals("publisher") ? "connect" : "bind";
        try (Foreign zmq = Foreign.python("zeromq_read.py", "SUB", way, endpoint, Sample.TOPIC);
                Lapwing lapwing = Lapwing.connect(uri("pubsub", binds))) {
            zmq.awaitLine("ready");
            lapwing.publish(Sample.TOPIC, Sample.payload());
            assertSeen(zmq.message());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"publisher", "subscriber"})
    void lapwingHearsWhatPyzmqPublishes(String binds) throws Exception {
        String way = binds.equals("publisher") ? "bind" : "connect";
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(uri("pubsub", binds))) {
            lapwing.subscribe(Sample.TOPIC)
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(d -> inbox.add(d.message()));
            try (Foreign zmq =
                    Foreign.python(
                            "zeromq_write.py", "PUB", way, endpoint, Sample.TOPIC, Sample.hex())) {
                zmq.awaitLine("ready");
                assertReceived(inbox.next());
            }
        }
    }

    @Test
    void pyzmqPullsWhatLapwingPushes() throws Exception {
        try (Foreign zmq = Foreign.python("zeromq_read.py", "PULL", "connect", endpoint);
                Lapwing lapwing = Lapwing.connect(uri("pushpull", "publisher"))) {
            zmq.awaitLine("ready");
            lapwing.publish(Sample.TOPIC, Sample.payload());
            assertSeen(zmq.message());
        }
    }

    @Test
    void lapwingPullsWhatPyzmqPushes() throws Exception {
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(uri("pushpull", "publisher"))) {
            lapwing.subscribe(Sample.TOPIC)
                    .group("workers")
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(d -> inbox.add(d.message()));
            try (Foreign zmq =
                    Foreign.python(
                            "zeromq_write.py",
                            "PUSH",
                            "bind",
                            endpoint,
                            Sample.TOPIC,
                            Sample.hex())) {
                zmq.awaitLine("ready");
                assertReceived(inbox.next());
            }
        }
    }

    private String uri(String mode, String binds) {
        return "zmq+%s?mode=%s&bind=%s".formatted(endpoint, mode, binds);
    }

    private static void assertSeen(Foreign.Seen seen) {
        assertThat(seen.payload()).isEqualTo(Sample.payload());
        assertThat(seen.headers()).containsEntry("topic", Sample.TOPIC);
    }

    private static void assertReceived(Message message) {
        assertThat(message.topic()).isEqualTo(Sample.TOPIC);
        assertThat(message.payload()).isEqualTo(Sample.payload());
        assertThat(message.headers()).isEmpty();
    }
}
