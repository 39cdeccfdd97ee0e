// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Gap;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A subscriber of a channel or of all that match a pattern. A channel does not wait for a slow
 * subscriber: what comes without credit is kept up to a number of bytes, and what does not fit is
 * dropped and told as a gap. All that changes runs in the serial.
 */
final class RedisChannelReceiver implements Receiver {
    private final TopicPattern topics;
    private final ReceiverListener listener;
    private final long mostBytes;
    private final Consumer<RedisChannelReceiver> onClose;
    private final RedisSerial serial = new RedisSerial();
    private final ArrayDeque<RedisChannelMessage> waiting = new ArrayDeque<>();

    /** What has arrived and is not handed over yet; the wire's thread owns it. */
    private List<RedisChannelMessage> arrived = new ArrayList<>();

    private long waitingBytes;
    private long dropped;
    private long credit;
    private volatile boolean stopped;

    RedisChannelReceiver(
            TopicPattern topics,
            ReceiverListener listener,
            long mostBytes,
            Consumer<RedisChannelReceiver> onClose) {
        this.topics = topics;
        this.listener = listener;
        this.mostBytes = mostBytes;
        this.onClose = onClose;
    }

    TopicPattern topics() {
        return topics;
    }

    /** Takes a message; true if it is the first since the last hand-over. On the wire's thread. */
    boolean hear(RedisChannelMessage message) {
        arrived.add(message);
        return arrived.size() == 1;
    }

    /** Hands over what has arrived. On the wire's thread. */
    void handOver() {
        List<RedisChannelMessage> batch = arrived;
        arrived = new ArrayList<>();
        serial.run(() -> {
            batch.forEach(this::keep);
            deliver();
        });
    }

    private void keep(RedisChannelMessage message) {
        long bytes = message.payload().length + 64L;
        if (stopped) {
            return;
        }
        if (dropped > 0 || (waitingBytes + bytes > mostBytes && waiting.size() >= credit)) {
            dropped++;
        } else {
            waiting.add(message);
            waitingBytes += bytes;
        }
    }

    private void deliver() {
        int count = (int) Math.min(credit, waiting.size());
        if (stopped || count == 0) {
            return;
        }
        var batch = new ArrayList<RedisChannelMessage>(count);
        for (int at = 0; at < count; at++) {
            RedisChannelMessage message = waiting.remove();
            waitingBytes -= message.payload().length + 64L;
            batch.add(message);
        }
        credit -= count;
        listener.deliver(batch);
        if (dropped > 0 && waiting.isEmpty()) {
            long missing = dropped;
            dropped = 0;
            missing(missing, "the subscriber was too slow, and its buffer is full");
        }
    }

    private void missing(long messages, String reason) {
        listener.gap(new Gap(topics.toString(), Optional.empty(), messages, reason));
    }

    /** The link was down for a while, and is up again. */
    void wasAway() {
        serial.run(() -> {
            if (!stopped) {
                missing(-1, "the link was down, and channels keep nothing");
            }
        });
    }

    @Override
    public void grant(int deliveries) {
        serial.run(() -> {
            credit += deliveries;
            deliver();
        });
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        serial.run(() -> {
            stopped = true;
            waiting.clear();
            done.complete(null);
        });
        return done;
    }

    @Override
    public void close() {
        var _ = stop();
        onClose.accept(this);
    }
}
