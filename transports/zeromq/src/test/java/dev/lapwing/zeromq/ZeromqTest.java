// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Guarantee;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.Ports;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Programs of Lapwing on one address. */
class ZeromqTest {

    private final String address = "zmq+tcp://127.0.0.1:" + Ports.free();

    @Test
    void oneConnectionPublishesAndSubscribes() {
        try (Lapwing lapwing = Lapwing.connect(address)) {
            List<String> texts = new CopyOnWriteArrayList<>();
            lapwing.subscribe("greetings").handle(delivery -> texts.add(delivery.text()));
            lapwing.publish("greetings", "hello");
            await().untilAsserted(() -> assertThat(texts).containsExactly("hello"));
        }
    }

    @Test
    void subscriberThatWasThereFirstGetsTheFirstMessage() {
        try (Lapwing subscriber = Lapwing.connect(address);
                Lapwing publisher = Lapwing.connect(address)) {
            List<String> texts = new CopyOnWriteArrayList<>();
            subscriber.subscribe("orders.>").handle(delivery -> texts.add(delivery.text()));
            publisher.publish("orders.created", "1");
            await().untilAsserted(() -> assertThat(texts).containsExactly("1"));
        }
    }

    @Test
    void subscriberIsInForceAtOnceWhereThePublisherRuns() {
        try (Lapwing subscriber = Lapwing.connect(address);
                Lapwing publisher = Lapwing.connect(address)) {
            publisher.publish("orders", "nobody hears this");
            for (int turn = 0; turn < 20; turn++) {
                List<String> texts = new CopyOnWriteArrayList<>();
                var subscription = subscriber.subscribe("orders").handle(d -> texts.add(d.text()));
                publisher.publish("orders", "heard");
                await().untilAsserted(() -> assertThat(texts).containsExactly("heard"));
                subscription.close();
            }
        }
    }

    @Test
    void manyPublishersReachOneSubscriberThatOpensThePort() {
        String uri = address + "?bind=subscriber";
        try (Lapwing subscriber = Lapwing.connect(uri);
                Lapwing first = Lapwing.connect(uri);
                Lapwing second = Lapwing.connect(uri)) {
            List<String> all = new CopyOnWriteArrayList<>();
            List<String> some = new CopyOnWriteArrayList<>();
            subscriber.subscribe(">").handle(delivery -> all.add(delivery.text()));
            subscriber.subscribe("b").handle(delivery -> some.add(delivery.text()));
            first.publish("a", "1");
            second.publish("b", "2");
            await().untilAsserted(() -> {
                assertThat(all).containsExactlyInAnyOrder("1", "2");
                assertThat(some).containsExactly("2");
            });
        }
    }

    @Test
    void workersShareWhatIsPushed() {
        String uri = address + "?mode=pushpull";
        try (Lapwing producer = Lapwing.connect(uri);
                Lapwing first = Lapwing.connect(uri);
                Lapwing second = Lapwing.connect(uri)) {
            List<String> ones = new CopyOnWriteArrayList<>();
            List<String> others = new CopyOnWriteArrayList<>();
            work(first, ones);
            work(second, others);
            var pushed = new ArrayList<String>();
            await().untilAsserted(() -> {
                pushed.add("j" + pushed.size());
                producer.publish("jobs", pushed.getLast());
                assertThat(ones).isNotEmpty();
                assertThat(others).isNotEmpty();
            });
            await().untilAsserted(() ->
                    assertThat(Stream.concat(ones.stream(), others.stream()))
                            .containsExactlyInAnyOrderElementsOf(pushed));
        }
    }

    private static void work(Lapwing lapwing, List<String> texts) {
        lapwing.subscribe("jobs")
                .group("workers")
                .guarantee(Guarantee.AT_MOST_ONCE)
                .handle(delivery -> texts.add(delivery.text()));
    }

    @Test
    void subscriberWithoutGroupIsRefusedWhereWorkersShare() {
        try (Lapwing lapwing = Lapwing.connect(address + "?mode=pushpull")) {
            var subscription = lapwing.subscribe("jobs");
            assertThatThrownBy(() -> subscription.handle(delivery -> {}))
                    .isInstanceOf(LapwingException.class)
                    .hasMessageContaining("mode=pubsub");
        }
    }

    @Test
    void secondGroupAtOneAddressIsRefused() {
        try (Lapwing lapwing = Lapwing.connect(address + "?mode=pushpull")) {
            work(lapwing, new CopyOnWriteArrayList<>());
            var other = lapwing.subscribe("jobs").group("b").guarantee(Guarantee.AT_MOST_ONCE);
            assertThatThrownBy(() -> other.handle(delivery -> {}))
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining("another address");
        }
    }

    @Test
    void portInUseIsToldWithWhatToDo() {
        try (Lapwing first = Lapwing.connect(address);
                Lapwing second = Lapwing.connect(address)) {
            first.publish("t", "x");
            assertThatThrownBy(() -> second.publish("t", "y"))
                    .isInstanceOf(PublishRefusedException.class)
                    .hasMessageContaining(address.substring("zmq+tcp://".length()))
                    .hasMessageContaining("bind=subscriber");
        }
    }

    @Test
    void pushWithoutWorkersIsRefusedWhenItsTimeIsOver() {
        try (Lapwing lapwing = Lapwing.connect(address + "?mode=pushpull&send-timeout=100ms")) {
            assertThatThrownBy(() -> lapwing.publish("jobs", "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refused -> assertThat(refused.isRetriable()).isTrue())
                    .hasMessageContaining("no worker");
        }
    }

    @Test
    void slowSubscriberIsFeltAsTheUriSays() {
        assertThatThrownBy(() -> flood("&overflow=refuse"))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("slow");
        assertThatThrownBy(() -> flood("&overflow=block&send-timeout=100ms"))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("slow");
        flood("&overflow=drop");
    }

    /** Publishes far more than sockets and buffers hold, to a subscriber that takes one. */
    private void flood(String option) {
        String uri =
                "zmq+tcp://127.0.0.1:%d?hwm=10&settle=0s&linger=0s%s"
                        .formatted(Ports.free(), option);
        try (Lapwing lapwing =
                Lapwing.connect(
                        uri, ConnectOptions.defaults().withDrainTimeout(Duration.ofMillis(10)))) {
            lapwing.subscribe("t").prefetch(1).open();
            var payload = new byte[100_000];
            for (int at = 0; at < 500; at++) {
                lapwing.publish("t", payload);
            }
        }
    }

    @Test
    void heartbeatThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> Lapwing.connect(address + "?heartbeat=9ms"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("heartbeat")
                .hasMessageContaining("9ms")
                .hasMessageContaining("at least 10ms");
    }

    @Test
    void forwarderThatIsNotThereIsToldAtOnce() {
        assertThatThrownBy(() ->
                        Lapwing.connect(
                                address + "?bind=none&publish=127.0.0.1:1&connect-timeout=200ms"))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void wrongUrisAreToldWithWhatToDo() {
        assertThatThrownBy(() -> Lapwing.connect("zmq+ipc:///tmp/x"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("zmq+tcp://");
        assertThatThrownBy(() -> Lapwing.connect("zmq+tcp://a:1,b:2?bind=subscriber"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("bind=publisher");
        assertThatThrownBy(() -> Lapwing.connect(address + "?bind=none"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("publish=");
        assertThatThrownBy(() -> Lapwing.connect(address + "?mode=pushpull&overflow=drop"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("block, refuse");
        assertThatThrownBy(() -> Lapwing.connect("zmq+tcp://user@127.0.0.1:1"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("PLAIN");
    }
}
