// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** How far the settler runs ahead of a broker that confirms late. */
class SettlerTest {
    private static final int MOST_CALLS = 4;

    private final LateReceiver receiver = new LateReceiver();
    private final Counts counts = new Counts();

    private Settler settler(Duration patience) {
        return new Settler(receiver, null, counts, patience, 2, settled -> {});
    }

    private static void add(Settler settler, int count) {
        IntStream.range(0, count)
                .mapToObj(at -> new LiveDelivery(null, new Numbered(at), 1, 0))
                .forEach(each -> settler.add(each, Settler.ACK));
    }

    @Test
    void callsAreMadeAheadOfTheirConfirmationsUpToALimit() {
        try (Settler settler = settler(Duration.ofMinutes(1))) {
            for (int at = 0; at < MOST_CALLS; at++) {
                int before = at;
                add(settler, 2);
                await().until(() -> receiver.calls.size() > before);
            }
            add(settler, 10);
            await().during(Duration.ofMillis(100)).until(() -> receiver.calls.size() == MOST_CALLS);
            receiver.confirmAll();
            await().until(() -> receiver.settled() == 2 * MOST_CALLS + 10);
            var flushed = settler.flush();
            assertThat(flushed).isNotDone();
            receiver.confirmAll();
            await().until(flushed::isDone);
        }
    }

    @Test
    void answerThatDoesNotComeIsWaitedForOnlySoLong() {
        try (Settler settler = settler(Duration.ofMillis(50))) {
            add(settler, 1);
            var flushed = settler.flush();
            await().until(flushed::isDone);
            assertThat(counts.snapshot().accepted()).isZero();
        }
    }

    private record Numbered(int number) implements Received {
        @Override
        public Message message() {
            return Message.to("t").text("m" + number).build();
        }

        @Override
        public Optional<Position> position() {
            return Optional.empty();
        }

        @Override
        public int attempt() {
            return 1;
        }
    }

    /** Confirms when it is told to. */
    private static final class LateReceiver implements Receiver {
        private record Call(int size, CompletableFuture<SettleReport> report) {}

        private final List<Call> calls = new CopyOnWriteArrayList<>();

        private int settled() {
            return calls.stream().mapToInt(Call::size).sum();
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            var report = new CompletableFuture<SettleReport>();
            calls.add(new Call(deliveries.size(), report));
            return report;
        }

        private void confirmAll() {
            calls.forEach(call -> call.report.complete(SettleReport.allConfirmed()));
        }

        @Override
        public void grant(int deliveries) {}

        @Override
        public CompletableFuture<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
