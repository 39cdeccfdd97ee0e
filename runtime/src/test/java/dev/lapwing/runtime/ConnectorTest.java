// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.TransportUri;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class ConnectorTest {

    @Test
    void unknownSchemeNamesTheNearestAndAllKnown() {
        assertThatThrownBy(() -> Lapwing.connect("referense:x"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("did you mean 'reference'")
                .hasMessageContaining("known schemes: reference");
    }

    @Test
    void missingArtifactIsNamed() {
        assertThatThrownBy(() -> Lapwing.connect("embedded:data"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("dev.lapwing:lapwing-embedded");
        assertThatThrownBy(() ->
                        new TransportDirectory(List.of()).find(TransportUri.parse("what:ever")))
                .hasMessageContaining("no transport is on the class path");
    }

    @Test
    void unknownOptionNamesTheNearestAndAllKnown() {
        assertThatThrownBy(() -> Lapwing.connect("reference:x?setle=none"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("'setle'")
                .hasMessageContaining("did you mean 'settle'")
                .hasMessageContaining("partitions, replies, settle, wait, without");
    }

    @Test
    void capabilitiesSayWhatTheRuntimeAdds() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage());
                var lapwing = Lapwing.connect(broker.uri())) {
            var table = lapwing.capabilities();
            for (var emulated :
                    List.of(
                            Capability.DEAD_LETTERS,
                            Capability.REQUEST_REPLY,
                            Capability.ASSIGNED_IDS)) {
                assertThat(table.has(emulated)).isTrue();
                assertThat(table.isNative(emulated)).isFalse();
                assertThat(table.entry(emulated).note()).isNotEmpty();
            }
            assertThat(table.isNative(Capability.GIVE_BACK_LATER)).isTrue();
        }
        try (var lapwing = Lapwing.connect("reference:bare?settle=none&without=headers")) {
            assertThat(lapwing.capabilities().has(Capability.DEAD_LETTERS)).isFalse();
            assertThat(lapwing.capabilities().has(Capability.REQUEST_REPLY)).isFalse();
            assertThat(lapwing.capabilities().has(Capability.COUNTS_ATTEMPTS)).isFalse();
            assertThat(lapwing.capabilities().has(Capability.GIVE_BACK_LATER)).isTrue();
            assertThatThrownBy(lapwing::administration)
                    .isInstanceOf(UnsupportedCapabilityException.class);
            assertThatThrownBy(() -> lapwing.deadLetters("a", "g"))
                    .isInstanceOf(UnsupportedCapabilityException.class);
        }
    }

    @Test
    void listenersHearEveryChangeInOrder() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage())) {
            var states = new CopyOnWriteArrayList<Class<?>>();
            var lapwing = Lapwing.connect(broker.uri());
            assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class);
            lapwing.onStateChange(state -> {
                states.add(state.getClass());
                throw new IllegalStateException("a listener that fails harms nobody");
            });
            broker.breakLinks("pulled the plug");
            assertThat(lapwing.state()).isInstanceOf(ConnectionState.Reconnecting.class);
            broker.restoreLinks();
            lapwing.close();
            assertThat(lapwing.state()).isInstanceOf(ConnectionState.Closed.class);
            await().until(() -> states.size() == 3);
            assertThat(states)
                    .containsExactly(
                            ConnectionState.Reconnecting.class,
                            ConnectionState.Connected.class,
                            ConnectionState.Closed.class);
        }
    }

    @Test
    void closedConnectionRefusesEverything() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage())) {
            var lapwing = Lapwing.connect(broker.uri());
            lapwing.close();
            lapwing.close();
            assertThatThrownBy(() -> lapwing.publish("a", "x"))
                    .isInstanceOf(ClosedException.class)
                    .hasMessageContaining("connect again");
            assertThatThrownBy(() -> lapwing.subscribe("a").handle(d -> {}))
                    .isInstanceOf(ClosedException.class);
            assertThatThrownBy(() -> lapwing.subscribe("a").open())
                    .isInstanceOf(ClosedException.class);
        }
    }

    @Test
    void handlerMayCloseItsConnection() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage())) {
            var lapwing = Lapwing.connect(broker.uri());
            var subscription = lapwing.subscribe("a").group("g").handle(d -> lapwing.close());
            lapwing.publish("a", "x");
            await().until(() -> lapwing.state() instanceof ConnectionState.Closed);
            assertThat(subscription.statistics().accepted()).isEqualTo(1);
            assertThat(subscription.ended().toCompletableFuture())
                    .succeedsWithin(Duration.ofSeconds(5));
        }
    }
}
