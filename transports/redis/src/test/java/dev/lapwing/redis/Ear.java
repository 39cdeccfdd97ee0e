// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import static org.awaitility.Awaitility.await;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportUri;

import org.awaitility.core.ThrowingRunnable;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A receiver below the runtime, with all that it is told. */
final class Ear implements ReceiverListener, AutoCloseable {
    final List<Received> delivered = new CopyOnWriteArrayList<>();
    final List<Received> lost = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final List<LapwingException> failures = new CopyOnWriteArrayList<>();
    private final Receiver receiver;

    private Ear(Transport transport, ReceiverRequest request) {
        receiver = transport.receive(request, this);
    }

    static Transport transport(String uri) {
        return new RedisProvider()
                .connect(
                        TransportUri.parse(uri),
                        new TransportContext(Clock.systemUTC(), 1 << 20, state -> {}));
    }

    static Ear member(Transport transport, String topic, String group, StartAt start) {
        return open(transport, topic, Optional.of(group), start, Duration.ofSeconds(60));
    }

    /** A member that takes what others left behind after two seconds. */
    static Ear heir(Transport transport, String topic, String group) {
        return open(transport, topic, Optional.of(group), StartAt.now(), Duration.ofSeconds(2));
    }

    static Ear alone(Transport transport, String topic, StartAt start) {
        return open(transport, topic, Optional.empty(), start, Duration.ofSeconds(30));
    }

    private static Ear open(
            Transport transport,
            String topic,
            Optional<String> group,
            StartAt start,
            Duration lease) {
        return new Ear(
                transport,
                new ReceiverRequest(TopicPattern.parse(topic), group, start, lease, 1000));
    }

    Ear grant(int deliveries) {
        receiver.grant(deliveries);
        return this;
    }

    SettleReport ack(List<Received> deliveries) {
        return receiver.settle(new Settlement.Ack(), deliveries).join();
    }

    List<String> texts() {
        return delivered.stream().map(each -> each.message().text()).toList();
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(40))
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion);
    }

    @Override
    public void deliver(List<? extends Received> batch) {
        delivered.addAll(batch);
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        lost.addAll(deliveries);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void failed(LapwingException cause) {
        failures.add(cause);
    }

    @Override
    public void close() {
        receiver.close();
    }
}
