// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static dev.lapwing.nats.NatsClient.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.TopicConflictException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.LogRecords;
import dev.lapwing.testbed.NatsOptions;
import dev.lapwing.testbed.NatsServer;

import io.nats.client.api.StreamConfiguration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the server refuses, and how it is told. */
class NatsRefusalsTest {

    private static final String SECRET = "s3cret-of-the-house";

    /** May do all but publish below {@code no.}, hear of it, and make a stream {@code no}. */
    private static final String PERMISSIONS =
            """
            authorization { users: [ { user: me, password: right, permissions: {
              publish: { deny: ["no.>", "$JS.API.STREAM.CREATE.never"] }
              subscribe: { deny: ["no.>"] } } } ] }\
            """;

    private static NatsServer server;
    private static NatsServer guarded;

    @BeforeAll
    static void start() {
        server = NatsServer.start();
        guarded = NatsServer.start(NatsOptions.standard().withConfig(PERMISSIONS));
    }

    @AfterAll
    static void stop() {
        server.close();
        guarded.close();
    }

    private static Lapwing guest(String options) {
        return Lapwing.connect("nats://me:right@127.0.0.1:" + guarded.port() + options);
    }

    @Test
    void wrongLoginsAreToldWithoutThem() {
        String host = "127.0.0.1:" + guarded.port();
        try (var records = new LogRecords()) {
            for (String login :
                    List.of("me:" + SECRET + "@", "ann:" + SECRET + "@", SECRET + "@", "")) {
                for (String mode : List.of("jetstream", "core")) {
                    LapwingException refusal =
                            catchThrowableOfType(
                                    AccessDeniedException.class,
                                    () ->
                                            Lapwing.connect(
                                                    "nats://" + login + host + "?mode=" + mode));
                    assertThat(refusal)
                            .as("login '%s'", login)
                            .hasMessageContaining(host)
                            .hasMessageContaining("password");
                    for (Throwable at = refusal; at != null; at = at.getCause()) {
                        assertThat(String.valueOf(at)).doesNotContain(SECRET);
                    }
                }
            }
            assertThat(records.text()).isNotEmpty().doesNotContain(SECRET);
        }
    }

    @Test
    void tokenStaysUnsaidWhileTheServerIsWaitedFor() {
        try (var records = new LogRecords()) {
            assertThatThrownBy(() -> Lapwing.connect("nats://" + SECRET + "@127.0.0.1:1?wait=1s"))
                    .isInstanceOf(LapwingException.class)
                    .hasMessageNotContaining(SECRET);
            assertThat(records.text()).isNotEmpty().doesNotContain(SECRET);
        }
    }

    @Test
    void passwordStaysUnsaidWhenTheLinkBreaks() {
        try (var records = new LogRecords();
                NatsServer own = NatsServer.start(NatsOptions.standard().withUser("me", SECRET));
                Lapwing lapwing = Lapwing.connect(own.uri())) {
            var states = new CopyOnWriteArrayList<String>();
            lapwing.onStateChange(state -> states.add(state.toString()));
            own.kill();
            await(() -> assertThat(states).anyMatch(state -> state.startsWith("Reconnecting")));
            assertThatThrownBy(() -> lapwing.subscribe("a.b").handle(each -> {}))
                    .isInstanceOf(LapwingException.class)
                    .hasMessageNotContaining(SECRET);
            assertThat(states).noneMatch(state -> state.contains(SECRET));
            assertThat(records.text()).isNotEmpty().doesNotContain(SECRET);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetstream", "core"})
    void publishThatIsNotPermittedIsRefused(String mode) {
        try (Lapwing lapwing = guest("?mode=" + mode)) {
            assertThatThrownBy(() -> lapwing.publish("no.x", "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("no.x")
                    .hasMessageContaining("Permissions");
            lapwing.publish("yes.x", "x");
        }
    }

    @Test
    void subscriptionThatIsNotPermittedIsRefused() {
        try (Lapwing lapwing = guest("?mode=core")) {
            assertThatThrownBy(() -> lapwing.subscribe("no.x").handle(each -> {}))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("no.x");
            lapwing.subscribe("yes.x").handle(each -> {}).close();
        }
    }

    @Test
    void streamThatMayNotBeMadeIsToldAsSuch() {
        try (Lapwing lapwing = guest("?ack-timeout=1s")) {
            assertThatThrownBy(() -> lapwing.subscribe("never.x").handle(each -> {}))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("$JS.API.STREAM.CREATE.never");
            assertThatThrownBy(() -> lapwing.publish("never.x", "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("$JS.API.STREAM.CREATE.never");
        }
    }

    private static void make(String name, String... subjects) throws Exception {
        try (var client = new NatsClient(server.uri())) {
            var unused =
                    client.management()
                            .addStream(
                                    StreamConfiguration.builder()
                                            .name(name)
                                            .subjects(subjects)
                                            .build());
        }
    }

    @Test
    void streamOfThatNameWithOtherSubjectsIsAConflict() throws Exception {
        make("taken", "elsewhere.>");
        try (Lapwing lapwing = Lapwing.connect(server.uri())) {
            assertThatThrownBy(() -> lapwing.subscribe("taken.x").group("g").handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining("'taken'")
                    .hasMessageContaining("elsewhere.>")
                    .hasMessageContaining("?stream=");
            assertThatThrownBy(() -> lapwing.publish("taken.x", "x"))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("'taken'");
        }
    }

    @Test
    void streamWhoseSubjectsOverlapIsAConflict() throws Exception {
        make("narrow", "wide.one");
        try (Lapwing lapwing = Lapwing.connect(server.uri())) {
            lapwing.publish("wide.one", "x");
            assertThatThrownBy(() -> lapwing.subscribe("wide.two").handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining("wide.two");
        }
    }

    @Test
    void streamWithOtherSettingsIsUsedAsItIs() throws Exception {
        make("archive", "kept.>");
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?max-age=1h");
                var client = new NatsClient(server.uri())) {
            lapwing.publish("kept.x", "x");
            var stream = client.management().getStreamInfo("archive");
            assertThat(stream.getStreamState().getMsgCount()).isEqualTo(1);
            assertThat(stream.getConfiguration().getMaxAge()).isZero();
        }
    }

    @Test
    void namedStreamThatDoesNotHaveTheTopicIsAConflict() throws Exception {
        make("named", "named.>");
        try (Lapwing lapwing = Lapwing.connect(server.uri() + "?stream=named")) {
            lapwing.publish("named.x", "x");
            assertThatThrownBy(() -> lapwing.subscribe("other.x").handle(each -> {}))
                    .isInstanceOf(TopicConflictException.class)
                    .hasMessageContaining("other.x");
        }
    }

    @Test
    void patternOverSeveralStreamsIsRefusedAndSaysWhatToDo() {
        try (Lapwing lapwing = Lapwing.connect(server.uri())) {
            assertThatThrownBy(() -> lapwing.subscribe("*.created").handle(each -> {}))
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining("'*.created'")
                    .hasMessageContaining("once for each first word")
                    .hasMessageContaining("?stream=NAME");
        }
    }

    @Test
    void patternOverOneWideStreamIsHad() throws Exception {
        try (NatsServer own = NatsServer.start();
                var client = new NatsClient(own.uri());
                Lapwing lapwing = Lapwing.connect(own.uri() + "?stream=all")) {
            var unused =
                    client.management()
                            .addStream(
                                    StreamConfiguration.builder()
                                            .name("all")
                                            .subjects("*.created")
                                            .build());
            var heard = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("*.created").group("g").handle(each -> heard.add(each.topic()));
            lapwing.publish("orders.created", "x");
            lapwing.publish("users.created", "x");
            await(() -> assertThat(heard).containsExactly("orders.created", "users.created"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetstream", "core"})
    void payloadOverTheLimitOfTheServerIsRefused(String mode) {
        try (NatsServer small =
                        NatsServer.start(NatsOptions.standard().withConfig("max_payload: 64KB"));
                Lapwing lapwing = Lapwing.connect(small.uri() + "?mode=" + mode)) {
            assertThatThrownBy(() -> lapwing.publish("big.x", new byte[(64 << 10) + 1]))
                    .isInstanceOfSatisfying(
                            PublishRefusedException.class,
                            refusal -> assertThat(refusal.isRetriable()).isFalse())
                    .hasMessageContaining("the message has 65")
                    .hasMessageContaining("max_payload");
            lapwing.publish("big.x", new byte[63 << 10]);
        }
    }
}
