// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Gap;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A reader without a group: goes on behind the last entry it had seen, after a reconnect too.
 * Settling does nothing, as nothing comes again.
 */
final class RedisTailReceiver extends RedisReceiver {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final byte[] payloadField;

    /** Where it stands: all behind this is still to be read. */
    private volatile @Nullable String last;

    /** How many entries the stream ever had up to there; -1: not known. */
    private long ordinal = -1;

    private boolean behind = true;
    private long looked;

    RedisTailReceiver(
            RedisLink link,
            RedisNames names,
            RedisMessages messages,
            ReceiverRequest request,
            ReceiverListener listener) {
        super(link, names, request, listener, LOOK);
        payloadField = messages.payloadField();
    }

    @Override
    void prepare(RedisWire fresh) {
        if (last == null) {
            RedisStart start = RedisStart.of(link.settings(), fresh, topic, key, request.start());
            ordinal = start.ordinal();
            last = start.after();
        }
    }

    @Override
    CommandType readCommand() {
        return CommandType.XREAD;
    }

    @Override
    CommandArgs<byte[], byte[]> read(int count, long waitMillis) {
        return RedisWire.args()
                .add("COUNT")
                .add(count)
                .add("BLOCK")
                .add(waitMillis)
                .add("STREAMS")
                .addKey(key)
                .add(String.valueOf(last));
    }

    @Override
    void took(List<RedisEntry> entries, long readSince) {
        if (isStopped()) {
            return;
        }
        behind |= entries.size() >= credit();
        last = entries.getLast().id();
        if (ordinal >= 0) {
            ordinal += entries.size();
        }
        var deliveries = new ArrayList<RedisDelivery>(entries.size());
        for (RedisEntry entry : entries) {
            deliveries.add(
                    new RedisDelivery(new RedisMessage(topic, entry, payloadField), 1, null, 0));
        }
        useCredit(deliveries.size());
        listener.deliver(deliveries);
    }

    /** Looks whether the stream was trimmed behind its back, if it has been away or is slow. */
    @Override
    @Nullable CompletableFuture<?> errand(RedisWire idle, int most) {
        long now = System.nanoTime();
        String at = last;
        if (!behind || at == null || now - looked < LOOK.toNanos() / 4) {
            return null;
        }
        looked = now;
        behind = false;
        return RedisStart.look(idle, topic, key)
                .thenAccept(stream -> serial.run(() -> compare(stream, at)));
    }

    private void compare(RedisStart.Stream stream, String at) {
        long reached = stream.ordinalOf(at);
        if (reached < 0) {
            return;
        }
        if (ordinal >= 0 && reached > ordinal) {
            Optional<Position> after =
                    at.equals(RedisStart.BEGINNING)
                            ? Optional.empty()
                            : Optional.of(new Position(at));
            listener.gap(new Gap(topic, after, reached - ordinal, "trimmed before they were read"));
        }
        ordinal = reached;
    }

    @Override
    void down(String reason) {
        behind = true;
    }

    @Override
    void lookAround() {
        behind |= credit() == 0;
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    void leave() {}
}
