// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.TopicConflictException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.Certificates;
import dev.lapwing.testbed.RedisOptions;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.UUID;

/** What the server refuses, and how it is told. */
class RedisRefusalsTest {
    private static final String SECRET = "s3cret-of-the-house";
    private static RedisServer server;

    private final String topic = "t-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String host(RedisServer which) {
        return which.host() + ":" + which.port();
    }

    @Test
    void wrongAndMissingPasswordsAreToldWithoutThem() {
        try (RedisServer guarded =
                RedisServer.start(RedisOptions.standard().withPassword("right"))) {
            for (String login : new String[] {":" + SECRET + "@", "ann:" + SECRET + "@", ""}) {
                LapwingException refusal =
                        catchThrowableOfType(
                                AccessDeniedException.class,
                                () -> Lapwing.connect("redis://" + login + host(guarded)));
                assertThat(refusal)
                        .as("login '%s'", login)
                        .hasMessageContaining(host(guarded))
                        .hasMessageContaining("password");
                for (Throwable at = refusal; at != null; at = at.getCause()) {
                    assertThat(String.valueOf(at.getMessage())).doesNotContain(SECRET);
                }
            }
            Lapwing.connect("redis://:right@" + host(guarded)).close();
        }
    }

    /** Again and again: what a refusal finds depends on which of two threads is first. */
    @Test
    void refusalIsToldWhoeverIsFaster() {
        try (RedisServer guarded =
                RedisServer.start(RedisOptions.standard().withPassword("right"))) {
            for (int round = 0; round < 150; round++) {
                assertThatThrownBy(() -> Lapwing.connect("redis://" + host(guarded)))
                        .as("round %d", round)
                        .isInstanceOf(AccessDeniedException.class);
            }
        }
    }

    @Test
    void databaseThatIsNotThereIsTold() {
        assertThatThrownBy(() -> Lapwing.connect("redis://" + host(server) + "/99"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("99");
        assertThatThrownBy(() -> Lapwing.connect("redis://" + host(server) + "/orders"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("orders");
        Lapwing.connect("redis://" + host(server) + "/3").close();
    }

    @Test
    void serverThatIsNotThereIsTold() {
        assertThatThrownBy(() -> Lapwing.connect("redis://127.0.0.1:1"))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageContaining("check that it runs");
    }

    @Test
    void nextServerIsTakenWhereTheFirstIsNotThere() {
        try (Lapwing lapwing = Lapwing.connect("redis://127.0.0.1:1," + host(server))) {
            lapwing.publish(topic, "x");
        }
    }

    @Test
    void certificateThatIsNotTrustedIsTold() {
        Certificates certificates = Certificates.create();
        try (RedisServer safe = RedisServer.start(RedisOptions.standard().withTls(certificates))) {
            String uri = "rediss://" + host(safe);
            assertThatThrownBy(() -> Lapwing.connect(uri + "?connect-timeout=1m"))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(host(safe))
                    .hasMessageContaining("ca=");
            try (Lapwing lapwing =
                    Lapwing.connect(uri + "?connect-timeout=1m&ca=" + certificates.authority())) {
                lapwing.publish(topic, "x");
            }
        }
    }

    @Test
    void certificateOfAnotherHostIsTold() {
        Certificates other = Certificates.ofAnotherHost();
        try (RedisServer safe = RedisServer.start(RedisOptions.standard().withTls(other))) {
            assertThatThrownBy(() ->
                            Lapwing.connect(
                                    "rediss://"
                                            + host(safe)
                                            + "?connect-timeout=1m&ca="
                                            + other.authority()))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("certificate");
        }
    }

    @Test
    void keyOfAnotherTypeIsAConflict() {
        try (Foreign foreign = new Foreign(server);
                Lapwing lapwing = Lapwing.connect(server.uri())) {
            foreign.does().set(topic, "a string");
            assertThatThrownBy(() -> lapwing.publish(topic, "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("no stream");
            assertThatThrownBy(() -> lapwing.subscribe(topic).group("g").handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining(topic);
            assertThatThrownBy(() -> lapwing.subscribe(topic).handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class);
        }
    }

    @Test
    void fullMemoryIsARefusalThatMayPass() {
        try (RedisServer small = RedisServer.start();
                Foreign foreign = new Foreign(small);
                Lapwing lapwing = Lapwing.connect(small.uri())) {
            foreign.does().configSet("maxmemory", "1");
            assertThatThrownBy(() -> lapwing.publish(topic, "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isTrue())
                    .hasMessageContaining("maxmemory");
            foreign.does().configSet("maxmemory", "0");
            lapwing.publish(topic, "x");
        }
    }

    @Test
    void payloadOverTheLimitOfTheServerIsRefused() {
        try (RedisServer strict =
                        RedisServer.start(
                                RedisOptions.standard()
                                        .withArguments("--proto-max-bulk-len", "1mb"));
                Lapwing lapwing =
                        Lapwing.connect(
                                strict.uri(),
                                ConnectOptions.defaults().withMaxPayloadBytes(4 << 20))) {
            assertThatThrownBy(() -> lapwing.publish(topic, new byte[2 << 20]))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("proto-max-bulk-len");
            lapwing.publish(topic, new byte[1 << 20]);
        }
    }

    @Test
    void durabilityIsWhatTheServerIsSetTo() {
        try (RedisServer lax =
                        RedisServer.start(
                                RedisOptions.standard()
                                        .withArguments("--appendfsync", "everysec"));
                Lapwing lapwing = Lapwing.connect(lax.uri());
                Lapwing strict = Lapwing.connect(server.uri())) {
            assertThatThrownBy(() -> lapwing.capabilities().require(Capability.DURABLE))
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining("appendfsync always");
            assertThat(strict.capabilities().isNative(Capability.DURABLE)).isTrue();
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        String uri = server.uri();
        for (String options :
                new String[] {
                    "?mode=list",
                    "?max-length=5&max-age=1d",
                    "?ca=none.pem",
                    "?heartbeat=1ms",
                    "?buffer=1"
                }) {
            assertThatThrownBy(() -> Lapwing.connect(uri + options))
                    .as(options)
                    .isInstanceOf(InvalidUriException.class);
        }
    }
}
