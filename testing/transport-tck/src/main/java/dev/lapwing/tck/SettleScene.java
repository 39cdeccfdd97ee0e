// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.SettleUnit;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A member of a new group that has been delivered the messages m0, m1, …, all unsettled. */
final class SettleScene implements AutoCloseable {

    /** How much earlier than asked a broker's clock may make something due. */
    static final Duration CLOCK_GRAIN = Duration.ofMillis(20);

    private final Workbench bench;
    private final SpiLink link;
    private final String topic;
    private final Duration lease;
    private final @Nullable SpiReceiver member;

    private SettleScene(Workbench bench, Duration lease) {
        this.bench = bench;
        this.lease = lease;
        link = bench.spi();
        topic = bench.topic("settle");
        boolean groups =
                link.has(Capability.GROUPS)
                        || bench.offers(
                                Capability.GROUPS,
                                () ->
                                        bench.lapwing()
                                                .subscribe(topic)
                                                .group("g")
                                                .handle(new Inbox()));
        member = groups ? anotherMember() : null;
    }

    static SettleScene open(Workbench bench, int messages) {
        return open(bench, messages, Duration.ofSeconds(60));
    }

    static SettleScene open(Workbench bench, int messages, Duration lease) {
        var scene = new SettleScene(bench, lease);
        if (!scene.refused()) {
            SpiReceiver member = scene.member().grant(messages);
            scene.link.storeSpread(scene.topic, messages);
            bench.await(() -> assertThat(member.delivered()).hasSize(messages));
        }
        return scene;
    }

    /** Whether the transport has no groups, which was checked. */
    boolean refused() {
        return member == null;
    }

    SpiReceiver member() {
        return java.util.Objects.requireNonNull(member);
    }

    SpiReceiver anotherMember() {
        return link.receive(topic, Optional.of(bench.group("g")), StartAt.now(), lease);
    }

    SpiLink link() {
        return link;
    }

    String topic() {
        return topic;
    }

    SettleUnit unit() {
        return link.transport().settleUnit();
    }

    /** What the member has, in the order of the broker. */
    List<Received> inOrder() {
        return member().delivered();
    }

    Received withText(String text) {
        return inOrder().stream()
                .filter(delivery -> delivery.message().text().equals(text))
                .findFirst()
                .orElseThrow();
    }

    /** What a report calls stale. */
    static List<Received> stale(SettleReport report) {
        return List.copyOf(report.stale());
    }

    /**
     * Whether the broker does it; where not, the table must say who does, or what to use instead.
     */
    boolean offersNatively(Capability capability) {
        if (!link.has(capability)) {
            assertThat(bench.capabilities().entry(capability).note())
                    .as("how %s is emulated, or what to use instead", capability)
                    .isNotBlank();
        }
        return link.has(capability);
    }

    @Override
    public void close() {
        link.close();
    }
}
