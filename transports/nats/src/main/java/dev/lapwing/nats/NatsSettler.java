// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Capability;
import dev.lapwing.LapwingException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.nats.client.Message;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Settles deliveries at the server. The server handles what comes over one link for one consumer in
 * order, so only the last of many settlements asks for an answer, and that answers for all of them.
 * Safe for use by many threads.
 */
final class NatsSettler {

    private static final byte[] ACK = ascii("+ACK");
    private static final byte[] NAK = ascii("-NAK");
    private static final byte[] WORKING = ascii("+WPI");

    private final NatsLink link;
    private final NatsOpen open;
    private final NatsUntried untried;

    NatsSettler(NatsLink link, NatsOpen open, NatsUntried untried) {
        this.link = link;
        this.open = open;
        this.untried = untried;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        var ours = new ArrayList<NatsDelivery>(deliveries.size());
        var stale = new ArrayList<Received>();
        byte[] word =
                switch (settlement) {
                    case Settlement.Ack ack -> {
                        open.take(deliveries, ours, stale);
                        yield ACK;
                    }
                    case Settlement.GiveBack back -> {
                        open.take(deliveries, ours, stale);
                        yield nak(back.pause());
                    }
                    case Settlement.Extend extend -> {
                        open.extend(deliveries, extend.lease().toNanos(), ours, stale);
                        yield WORKING;
                    }
                    case Settlement.Reject reject ->
                            throw new UnsupportedCapabilityException(
                                    NatsProvider.NAME,
                                    Capability.DEAD_LETTERS,
                                    "reject through the API, which keeps dead letters in a topic");
                };
        boolean isUntried = settlement instanceof Settlement.GiveBack back && !back.failed();
        return isUntried && !ours.isEmpty()
                ? untried.note(ours).thenCompose(noted -> send(word, ours, stale))
                : send(word, ours, stale);
    }

    private static byte[] nak(Duration pause) {
        return pause.isPositive() ? ascii("-NAK {\"delay\":" + pause.toNanos() + "}") : NAK;
    }

    private CompletableFuture<SettleReport> send(
            byte[] word, List<NatsDelivery> ours, List<Received> stale) {
        if (ours.isEmpty()) {
            return CompletableFuture.completedFuture(new SettleReport(true, stale));
        }
        var confirmed = new Confirmed(link, link.breaks(), stale);
        if (word != WORKING) {
            // What is acknowledged after all is not given back by asking for it once more.
            var unused =
                    confirmed.report.exceptionally(failure -> {
                        open.addLost(ours);
                        return SettleReport.allUnconfirmed();
                    });
        }
        for (int at = 0; at < ours.size() - 1; at++) {
            if (!link.publish(ours.get(at).ack, null, null, word)) {
                confirmed.unknown("the link broke");
                return confirmed.report;
            }
        }
        if (!link.ask(ours.getLast().ack, null, word, confirmed)) {
            confirmed.unknown("the link broke");
        }
        return confirmed.report;
    }

    /** Gives back what nobody here will have; the server does not answer. */
    void giveBack(List<NatsDelivery> deliveries) {
        for (NatsDelivery each : deliveries) {
            boolean unused = link.publish(each.ack, null, null, NAK);
        }
    }

    /** Tells the server what is still at work. */
    void renew() {
        for (NatsDelivery each : open.due()) {
            boolean unused = link.publish(each.ack, null, null, WORKING);
        }
    }

    /**
     * Gives back what no handler has finished, without counting it, and waits for that.
     *
     * @param more what came when nobody wanted it any more
     */
    void giveBackUntried(List<NatsDelivery> more, Duration patience) {
        var all = new ArrayList<>(more);
        all.addAll(open.takeAll());
        if (all.isEmpty() || !link.isUp()) {
            return;
        }
        try {
            var unused =
                    untried.note(all)
                            .thenCompose(noted -> send(NAK, all, List.of()))
                            .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException linkIsDown) {
            // The server gives them to another when it has waited long enough.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The answer to the last one. */
    private static final class Confirmed implements NatsAnswer {
        private final NatsLink link;
        private final long breaks;
        private final List<Received> stale;
        final CompletableFuture<SettleReport> report = new CompletableFuture<>();

        Confirmed(NatsLink link, long breaks, List<Received> stale) {
            this.link = link;
            this.breaks = breaks;
            this.stale = stale;
        }

        @Override
        public void answered(Message answer) {
            if (answer.isStatusMessage()) {
                unknown("nobody answers for the consumer, was it deleted?");
            } else if (link.breaks() != breaks) {
                unknown("the link broke in between");
            } else {
                report.complete(
                        stale.isEmpty()
                                ? SettleReport.allConfirmed()
                                : new SettleReport(true, stale));
            }
        }

        @Override
        public void unknown(String reason) {
            report.completeExceptionally(
                    new LapwingException(
                            "NATS at %s did not confirm that messages are settled: %s"
                                    .formatted(link.shown(), reason)));
        }
    }
}
