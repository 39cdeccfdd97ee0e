// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.TopicConflictException;
import dev.lapwing.testbed.Certificates;
import dev.lapwing.testbed.LogRecords;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the server refuses, and how it is told. */
class RabbitBadDaysTest {
    private static final String SECRET = "s3cret-of-the-house";
    private static RabbitServer server;

    private final String topic = "t-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RabbitServer.start(with("max_message_size = 1048576"));
    }

    private static dev.lapwing.testbed.RabbitOptions with(String... config) {
        return dev.lapwing.testbed.RabbitOptions.standard().withConfig(config);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String host(RabbitServer which) {
        return which.host() + ":" + which.port();
    }

    private static void assertUnsaid(Throwable refusal) {
        for (Throwable at = refusal; at != null; at = at.getCause()) {
            assertThat(at.toString()).doesNotContain(SECRET);
        }
    }

    @Test
    void wrongPasswordIsToldAndStaysUnsaid() {
        try (var records = new LogRecords()) {
            for (String login : new String[] {"guest:" + SECRET + "@", "ann:" + SECRET + "@"}) {
                LapwingException refusal =
                        catchThrowableOfType(
                                AccessDeniedException.class,
                                () -> Lapwing.connect("amqp://" + login + host(server)));
                assertThat(refusal)
                        .as("login '%s'", login)
                        .hasMessageContaining(host(server))
                        .hasMessageContaining(login.substring(0, login.indexOf(':')))
                        .hasMessageContaining("password");
                assertUnsaid(refusal);
            }
            assertThat(records.text()).doesNotContain(SECRET);
        }
    }

    @Test
    void passwordStaysUnsaidWhileTheLinkIsLost() {
        server.control("add_user", "ann", SECRET);
        server.control("set_permissions", "ann", ".*", ".*", ".*");
        try (var records = new LogRecords();
                var proxy = server.proxy();
                Lapwing lapwing =
                        Lapwing.connect(
                                "amqp://ann:%s@127.0.0.1:%d?heartbeat=1s"
                                        .formatted(SECRET, proxy.port()))) {
            var states = new CopyOnWriteArrayList<String>();
            lapwing.onStateChange(state -> states.add(state.toString()));
            lapwing.subscribe(topic).group("g").handle(each -> {});
            proxy.cut();
            server.control("change_password", "ann", "another");
            proxy.heal();
            Ear.eventually(() -> assertThat(lapwing.state().toString()).contains("password"));
            assertThat(String.join("\n", states)).doesNotContain(SECRET);
            assertThat(lapwing.toString()).doesNotContain(SECRET);
            assertThat(records.text()).contains("is down").doesNotContain(SECRET);
        }
    }

    @Test
    void virtualHostThatIsNotThereOrNotOursIsTold() {
        server.control("add_vhost", "closed");
        server.control("add_user", "bob", "right");
        for (String vhost : new String[] {"none", "closed"}) {
            assertThatThrownBy(
                            () -> Lapwing.connect("amqp://bob:right@" + host(server) + "/" + vhost))
                    .as(vhost)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("'" + vhost + "'")
                    .hasMessageContaining("bob")
                    .hasMessageContaining("rabbitmqctl");
        }
        server.control("set_permissions", "-p", "closed", "bob", "none", "none", "none");
        try (Lapwing bob = Lapwing.connect("amqp://bob:right@" + host(server) + "/closed")) {
            assertThatThrownBy(() -> bob.subscribe(topic).group("g").handle(each -> {}))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining(topic + ".g");
            assertThatThrownBy(() -> bob.publish(topic, "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refused -> assertThat(refused.isRetriable()).isFalse());
        }
    }

    @Test
    void serverThatIsNotThereIsTold() {
        assertThatThrownBy(() -> Lapwing.connect("amqp://127.0.0.1:1"))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("Start it");
        try (Lapwing lapwing = Lapwing.connect("amqp://127.0.0.1:1," + host(server))) {
            lapwing.subscribe(topic).group("g").handle(each -> {});
            lapwing.publish(topic, "the next host is taken");
        }
    }

    @Test
    void serverThatComesLaterIsWaitedFor() {
        try (RabbitServer late = RabbitServer.start()) {
            late.kill();
            var connected =
                    CompletableFuture.supplyAsync(() -> Lapwing.connect(late.uri() + "?wait=5m"));
            late.startAgain();
            connected.join().close();
        }
    }

    @Test
    void queueOrExchangeWithOtherSettingsIsAConflict() throws Exception {
        try (RawRabbit raw = new RawRabbit(server);
                Lapwing lapwing = Lapwing.connect(server.uri());
                Lapwing takesIt = Lapwing.connect(server.uri() + "?declare=false")) {
            String queue = topic + ".g";
            raw.channel().queueDeclare(queue, true, false, false, Map.of("x-message-ttl", 60_000));
            assertThatThrownBy(() -> lapwing.subscribe(topic).group("g").handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining(queue)
                    .hasMessageContaining("x-message-ttl")
                    .hasMessageContaining("declare=false");
            takesIt.subscribe(topic).group("g").handle(each -> {}).close();
            raw.another().exchangeDeclare(topic, "direct", true);
        }
        assertThatThrownBy(() ->
                        Lapwing.connect(server.uri() + "?exchange-type=fanout&exchange=" + topic))
                .isInstanceOf(TopicConflictException.class)
                .hasMessageContaining(topic);
    }

    @Test
    void queueOfAnotherConnectionAloneIsAConflict() throws Exception {
        try (RawRabbit raw = new RawRabbit(server);
                Lapwing lapwing = Lapwing.connect(server.uri() + "?exchange=")) {
            raw.channel().queueDeclare(topic, false, true, false, Map.of());
            assertThatThrownBy(() -> lapwing.subscribe(topic).group(topic).handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining("another connection alone");
        }
    }

    @Test
    void queueThatIsNotThereIsTold() {
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?declare=false")) {
            assertThatThrownBy(() -> lapwing.subscribe(topic).group("g").handle(each -> {}))
                    .isInstanceOf(LapwingException.class)
                    .hasMessageContaining(topic + ".g")
                    .hasMessageContaining("declare=false");
        }
    }

    @Test
    void payloadOverTheLimitOfTheServerIsRefusedAndNoOtherIs() {
        try (Lapwing lapwing =
                Lapwing.connect(
                        server.uri(), ConnectOptions.defaults().withMaxPayloadBytes(4 << 20))) {
            lapwing.subscribe(topic).group("g").handle(each -> {});
            assertThatThrownBy(() -> lapwing.publish(topic, new byte[2 << 20]))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("size");
            lapwing.publish(topic, new byte[1 << 20]);
        }
    }

    @Test
    void unroutableIsRefused() {
        try (Lapwing lapwing = Lapwing.connect(server.uri());
                Lapwing plain = Lapwing.connect(server.uri() + "?exchange=&declare=false")) {
            for (Lapwing each : new Lapwing[] {lapwing, plain}) {
                assertThatThrownBy(() -> each.publish(topic, "x"))
                        .isInstanceOfSatisfying(
                                PublishRefusedException.class,
                                refusal -> assertThat(refusal.isRetriable()).isFalse())
                        .hasMessageContaining(topic)
                        .hasMessageContaining("subscribe");
            }
        }
    }

    @Test
    void fullQueueRefusesWhatMayFitLater() {
        try (Lapwing lapwing =
                Lapwing.connect(server.uri() + "?max-length=2&overflow=reject-publish")) {
            lapwing.subscribe(topic).group("g").handle(each -> {}).close();
            lapwing.publish(topic, "1");
            lapwing.publish(topic, "2");
            assertThatThrownBy(() -> lapwing.publish(topic, "3"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isTrue())
                    .hasMessageContaining("full");
            var heard = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(topic)
                    .group("g")
                    .handle(each -> {
                        heard.add(each.text());
                    });
            Ear.eventually(() -> assertThat(heard).containsExactly("1", "2"));
            Ear.eventually(() -> lapwing.publish(topic, "3"));
        }
    }

    @Test
    void secondGroupOnAPlainQueueIsRefused() {
        for (String options : new String[] {"?exchange=", "?queue=" + topic}) {
            try (Lapwing lapwing = Lapwing.connect(server.uri() + options)) {
                lapwing.subscribe(topic).group(topic).handle(each -> {});
                assertThatThrownBy(() -> lapwing.subscribe(topic).group("other").handle(e -> {}))
                        .as(options)
                        .isInstanceOf(TopicConflictException.class)
                        .hasMessageContaining("'other'")
                        .hasMessageContaining("group '" + topic + "'");
            }
        }
    }

    @Test
    void certificateThatIsNotTrustedIsTold() {
        Certificates certificates = Certificates.create();
        try (RabbitServer safe =
                RabbitServer.start(
                        dev.lapwing.testbed.RabbitOptions.standard().withTls(certificates))) {
            String uri = "amqps://" + host(safe) + "?connect-timeout=1m";
            assertThatThrownBy(() -> Lapwing.connect(uri))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(host(safe))
                    .hasMessageContaining("ca=");
            assertThatThrownBy(() -> Lapwing.connect(uri.replace("amqps", "amqp")))
                    .isInstanceOf(ConnectionFailedException.class);
            try (Lapwing lapwing = Lapwing.connect(uri + "&ca=" + certificates.authority())) {
                lapwing.subscribe(topic).group("g").handle(each -> {});
                lapwing.publish(topic, "x");
            }
        }
    }

    @Test
    void certificateOfAnotherHostIsTold() {
        Certificates other = Certificates.ofAnotherHost();
        try (RabbitServer safe =
                RabbitServer.start(dev.lapwing.testbed.RabbitOptions.standard().withTls(other))) {
            assertThatThrownBy(() ->
                            Lapwing.connect(
                                    "amqps://%s?connect-timeout=1m&ca=%s"
                                            .formatted(host(safe), other.authority())))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("host name");
        }
    }
}
