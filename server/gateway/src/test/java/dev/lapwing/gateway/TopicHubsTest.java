// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.Lapwing;
import dev.lapwing.TopicPattern;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class TopicHubsTest {
    private static final TopicPattern TOPIC = TopicPattern.parse("t");
    private static final long LINGER = Duration.ofSeconds(10).toNanos();

    private final ReferenceBroker broker = ReferenceBroker.start(ReferenceSettings.perMessage());
    private final Lapwing lapwing = Lapwing.connect(broker.uri());
    private final Gateway gateway = new Gateway(lapwing, 100, 1000);
    private final TopicHubs<Heard> hubs =
            new TopicHubs<>(gateway.tails(), topics -> new Heard(), Duration.ofNanos(LINGER));

    @AfterEach
    void close() {
        hubs.close();
        lapwing.close();
        broker.close();
    }

    @Test
    void holdersShareOneHubThatHearsWhatIsPublishedOnceItIsOpen() {
        TopicHub<Heard> one = hubs.hold(TOPIC);
        TopicHub<Heard> two = hubs.hold(TOPIC);
        one.opened().join();
        lapwing.publish("t", "x");

        assertThat(two).isSameAs(one);
        assertThat(hubs.size()).isEqualTo(1);
        await().until(() -> one.fanOut().texts.equals(List.of("x")));
    }

    @Test
    void hubKnowsWhereItBegan() {
        Place empty = hubs.hold(TOPIC).opened().join().startsBehind();
        String position = lapwing.publish("u", "x").position().orElseThrow().token();
        TopicHub<Heard> later = hubs.hold(TopicPattern.parse("u")).opened().join();

        assertThat(empty).isEqualTo(Place.BEGINNING);
        assertThat(later.startsBehind().from()).isEqualTo(position);
        assertThat(later.completeBehind().reaches(later.startsBehind())).isTrue();
    }

    @Test
    void hubLingersBeforeItIsClosed() {
        TopicHub<Heard> hub = hubs.hold(TOPIC).opened().join();

        hubs.closeIdle(Long.MAX_VALUE / 2);
        assertThat(hubs.size()).as("it is held").isEqualTo(1);
        hubs.release(hub, 0);
        hubs.closeIdle(LINGER - 1);
        assertThat(hubs.size()).as("it lingers").isEqualTo(1);
        hubs.closeIdle(LINGER);
        assertThat(hubs.size()).isZero();
        assertThat(hubs.hold(TOPIC)).isNotSameAs(hub);
    }

    @Test
    void hubThatEndsIsForgottenAndTellsWhy() {
        TopicHub<Heard> hub = hubs.hold(TOPIC).opened().join();

        broker.failReceivers("t", new ConnectionFailedException("gone"));

        await().until(() -> hub.fanOut().texts.equals(List.of("ended: gone")));
        assertThat(hubs.size()).isZero();
    }

    @Test
    void hubThatCannotBeOpenedFailsItsHolders() {
        lapwing.close();

        assertThatThrownBy(() -> hubs.hold(TOPIC).opened().join()).hasMessageContaining("closed");
        assertThat(hubs.size()).isZero();
    }

    @Test
    void adviceSaysWhereToResume() {
        assertThat(Place.UNKNOWN.advice()).isEmpty();
        assertThat(Place.BEGINNING.advice()).isEqualTo("resume from earliest");
        assertThat(new Place(17, "17").advice()).isEqualTo("resume after 17");
    }

    private static final class Heard implements TailListener {
        private final List<String> texts = new CopyOnWriteArrayList<>();

        @Override
        public void burst(List<Delivery> deliveries) {
            deliveries.forEach(delivery -> texts.add(delivery.text()));
        }

        @Override
        public void gap(Gap gap) {
            texts.add("gap");
        }

        @Override
        public void ended(String reason) {
            texts.add("ended: " + reason);
        }
    }
}
