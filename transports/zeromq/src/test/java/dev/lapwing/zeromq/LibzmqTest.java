// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.Ports;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Programs of Lapwing and of libzmq on one address, both ways. */
class LibzmqTest {

    private static final String TOPIC = "批量订单";
    private static final int LINKS = 16;
    private static final byte[] BINARY = {0, -1, 'x', 10, (byte) 0xC3, 0x28};

    private final int port = Ports.free();
    private final String endpoint = "tcp://127.0.0.1:" + port;
    private final String uri = "zmq+" + endpoint;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private <T extends AutoCloseable> T open(T thing) {
        opened.push(thing);
        return thing;
    }

    @AfterEach
    void closeAll() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private Lapwing connect(String options) {
        return open(Lapwing.connect(uri + options));
    }

    private LibzmqPeer peer(String... arguments) {
        return open(LibzmqPeer.start(arguments));
    }

    private static List<Message> subscribe(Lapwing lapwing, String topics) {
        List<Message> messages = new CopyOnWriteArrayList<>();
        lapwing.subscribe(topics).handle(delivery -> messages.add(delivery.message()));
        return messages;
    }

    private static void assertArrived(List<Message> messages) {
        await().untilAsserted(() -> assertThat(messages).hasSize(1));
        assertThat(messages.getFirst().topic()).isEqualTo(TOPIC);
        assertThat(messages.getFirst().payload()).isEqualTo(BINARY);
        assertThat(messages.getFirst().headers().isEmpty()).isTrue();
    }

    private static void assertArrived(LibzmqPeer peer) {
        assertThat(peer.receive()).containsExactly(TOPIC.getBytes(StandardCharsets.UTF_8), BINARY);
    }

    @Test
    void subGetsWhatLapwingPublishes() {
        LibzmqPeer sub = peer("subscribe", endpoint, TOPIC);
        connect("").publish(TOPIC, BINARY);
        assertArrived(sub);
    }

    @Test
    void lapwingGetsWhatPubSends() {
        LibzmqPeer pub = peer("publish", "@" + endpoint);
        List<Message> messages = subscribe(connect(""), TOPIC);
        pub.send(TOPIC, BINARY);
        assertArrived(messages);
    }

    @Test
    void subThatOpensThePortGetsWhatLapwingPublishes() {
        LibzmqPeer sub = peer("subscribe", "@" + endpoint, "");
        connect("?bind=subscriber").publish(TOPIC, BINARY);
        assertArrived(sub);
    }

    @Test
    void lapwingThatOpensThePortGetsWhatPubSends() {
        List<Message> messages = subscribe(connect("?bind=subscriber"), ">");
        peer("publish", endpoint).send(TOPIC, BINARY);
        assertArrived(messages);
    }

    @Test
    void pullGetsWhatLapwingPushes() {
        LibzmqPeer pull = peer("pull", endpoint);
        connect("?mode=pushpull").publish(TOPIC, BINARY);
        assertArrived(pull);
    }

    @Test
    void lapwingGetsWhatPushSends() {
        LibzmqPeer push = peer("push", "@" + endpoint);
        List<Message> messages = new CopyOnWriteArrayList<>();
        connect("?mode=pushpull")
                .subscribe(TOPIC)
                .group("workers")
                .guarantee(Guarantee.AT_MOST_ONCE)
                .handle(delivery -> messages.add(delivery.message()));
        push.send(TOPIC, BINARY);
        assertArrived(messages);
    }

    @Test
    void whoSubscribesToEverythingSeesMessagesOnly() {
        LibzmqPeer all = peer("subscribe", endpoint, "");
        Lapwing publisher = connect("");
        publisher.publish(TOPIC, BINARY);
        assertArrived(all);
        List<Message> messages = subscribe(connect(""), TOPIC);
        publisher.publish(TOPIC, BINARY);
        assertArrived(messages);
        assertArrived(all);
    }

    @Test
    void peerThatDiesAndReturnsIsFoundAgain() {
        LibzmqPeer first = peer("publish", "@" + endpoint);
        Lapwing lapwing = connect("");
        List<Message> messages = subscribe(lapwing, TOPIC);
        first.close();
        await().untilAsserted(() ->
                assertThat(lapwing.state()).isInstanceOf(ConnectionState.Reconnecting.class));
        LibzmqPeer second = peer("publish", "@" + endpoint);
        await().untilAsserted(() ->
                assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
        second.send(TOPIC, BINARY);
        assertArrived(messages);
    }

    /** Many links: what JeroMQ can forget of a heartbeat depends on each link's hash code. */
    @Test
    void heartbeatsFindEveryLinkThatIsSilent() {
        LibzmqPeer pub = peer("publish", "@" + endpoint);
        LinkProxy proxy = open(LinkProxy.to(port));
        var links = new ArrayList<Lapwing>();
        var inboxes = new ArrayList<List<Message>>();
        for (int at = 0; at < LINKS; at++) {
            links.add(
                    open(
                            Lapwing.connect(
                                    "zmq+tcp://127.0.0.1:%d?heartbeat=100ms&settle=0s"
                                            .formatted(proxy.port()))));
            inboxes.add(subscribe(links.getLast(), TOPIC));
        }
        proxy.freeze();
        await().untilAsserted(() ->
                assertThat(links)
                        .extracting(Lapwing::state)
                        .hasOnlyElementsOfType(ConnectionState.Reconnecting.class));
        proxy.thaw();
        await().untilAsserted(() ->
                assertThat(links)
                        .extracting(Lapwing::state)
                        .hasOnlyElementsOfType(ConnectionState.Connected.class));
        pub.send(TOPIC, BINARY);
        inboxes.forEach(LibzmqTest::assertArrived);
    }

    @Test
    void wordAndPrefixAreNotTheSame() {
        LibzmqPeer pub = peer("publish", "@" + endpoint);
        List<Message> messages = subscribe(connect(""), "orders");
        pub.send("ordersx", BINARY);
        pub.send("orders.x", BINARY);
        pub.send("orders", new byte[0]);
        await().untilAsserted(() -> assertThat(messages).hasSize(1));
        assertThat(messages.getFirst().payload()).isEmpty();
    }

    @Test
    void plainLetsInWhoKnowsThePassword() {
        Lapwing publisher = open(Lapwing.connect("zmq+tcp://anna:secret@127.0.0.1:" + port));
        publisher.publish("opens.the.port", "x");
        LibzmqPeer sub = peer("subscribe", "anna:secret=", endpoint, TOPIC);
        await().untilAsserted(() -> {
            publisher.publish(TOPIC, BINARY);
            assertArrived(sub);
        });
        assertThatThrownBy(() ->
                        open(Lapwing.connect("zmq+tcp://anna:wrong@127.0.0.1:" + port))
                                .subscribe(TOPIC)
                                .handle(delivery -> {}))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("anna")
                .hasMessageNotContaining("wrong");
    }

    @Test
    void pushIsRefusedWhenItsWorkerIsGone() {
        LibzmqPeer pull = peer("pull", endpoint);
        Lapwing lapwing = connect("?mode=pushpull&send-timeout=100ms");
        await().ignoreExceptions().untilAsserted(() -> lapwing.publish(TOPIC, BINARY));
        assertArrived(pull);
        pull.close();
        await().untilAsserted(() ->
                assertThatThrownBy(() -> lapwing.publish(TOPIC, BINARY))
                        .isInstanceOf(PublishRefusedException.class));
    }
}
