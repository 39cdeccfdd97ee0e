// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.spi.SettleReport;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Settles entries of one group on the wire of commands.
 *
 * <p>Within its lease no other member can have claimed an entry, and a plain XACK is enough. What
 * was held for longer is settled by scripts that look first who has it.
 */
final class RedisSettler {
    private final RedisLink link;
    private final String what;
    private final byte[] key;
    private final String group;
    private final long leaseNanos;

    RedisSettler(RedisLink link, String topic, byte[] key, String group, Duration lease) {
        this.link = link;
        this.what = "Settling in group '%s' of topic '%s'".formatted(group, topic);
        this.key = key;
        this.group = group;
        this.leaseNanos = lease.toNanos();
    }

    CompletableFuture<SettleReport> ack(
            RedisHoldings mine, List<RedisDelivery> deliveries, List<RedisDelivery> stale) {
        List<RedisDelivery> taken = take(mine, deliveries, stale);
        List<RedisDelivery> sure =
                mine.leasedAfter(taken, System.nanoTime() - leaseNanos + leaseNanos / 10);
        if (sure.size() == taken.size()) {
            return ackAtOnce(mine, taken, stale);
        }
        var doubtful = new ArrayList<>(taken);
        doubtful.removeAll(Set.copyOf(sure));
        return ackAtOnce(mine, sure, stale)
                .thenCompose(done -> settled(RedisScripts.ACK, mine, doubtful, stale, List.of()));
    }

    private CompletableFuture<SettleReport> ackAtOnce(
            RedisHoldings mine, List<RedisDelivery> deliveries, List<RedisDelivery> stale) {
        if (deliveries.isEmpty()) {
            return CompletableFuture.completedFuture(report(stale));
        }
        CommandArgs<byte[], byte[]> args = RedisWire.args().addKey(key).add(group);
        deliveries.forEach(delivery -> args.add(delivery.id()));
        return link.commands()
                .ask(what, CommandType.XACK, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args)
                .handle((acked, failure) -> {
                    if (failure != null) {
                        mine.doubt(deliveries);
                    }
                    rethrow(failure);
                    if (acked == 0) {
                        stale.addAll(deliveries);
                    }
                    return report(stale);
                });
    }

    CompletableFuture<SettleReport> extend(
            RedisHoldings mine,
            List<RedisDelivery> deliveries,
            List<RedisDelivery> stale,
            Duration lease) {
        List<RedisDelivery> found = mine.find(deliveries);
        addOthers(deliveries, found, stale);
        long since = System.nanoTime();
        return settled(RedisScripts.EXTEND, mine, found, stale, List.of())
                .whenComplete((report, failure) -> {
                    if (failure == null) {
                        mine.take(stale);
                        mine.extend(found, since, lease.toNanos());
                    }
                });
    }

    CompletableFuture<SettleReport> giveBack(
            RedisHoldings mine,
            List<RedisDelivery> deliveries,
            List<RedisDelivery> stale,
            boolean failed) {
        return returned(mine, take(mine, deliveries, stale), stale, failed);
    }

    /** Gives back what was never delivered. */
    void giveBack(RedisHoldings mine, List<RedisDelivery> deliveries, boolean failed) {
        var _ = returned(mine, deliveries, new ArrayList<>(), failed);
    }

    private CompletableFuture<SettleReport> returned(
            RedisHoldings mine,
            List<RedisDelivery> deliveries,
            List<RedisDelivery> stale,
            boolean failed) {
        return doubting(
                mine,
                deliveries,
                settled(
                        RedisScripts.GIVE_BACK,
                        mine,
                        deliveries,
                        stale,
                        List.of(RedisNames.RELEASED, failed ? 0 : 1)));
    }

    private static <T> CompletableFuture<T> doubting(
            RedisHoldings mine, List<RedisDelivery> deliveries, CompletableFuture<T> done) {
        return done.whenComplete((report, failure) -> {
            if (failure != null) {
                mine.doubt(deliveries);
            }
        });
    }

    /**
     * Gives back what the link broke under while it was settled, once there is a link again: what
     * the server had taken before is not touched by it.
     *
     * @return true if there is something that others may take now
     */
    CompletableFuture<Boolean> resolve(RedisHoldings mine) {
        if (!link.commands().isOpen()) {
            return CompletableFuture.completedFuture(false);
        }
        List<RedisDelivery> doubtful = mine.takeDoubtful();
        return doubtful.isEmpty()
                ? CompletableFuture.completedFuture(false)
                : returned(mine, doubtful, new ArrayList<>(), false).thenApply(report -> true);
    }

    private static List<RedisDelivery> take(
            RedisHoldings mine, List<RedisDelivery> deliveries, List<RedisDelivery> stale) {
        List<RedisDelivery> taken = mine.take(deliveries);
        addOthers(deliveries, taken, stale);
        return taken;
    }

    private static void addOthers(
            List<RedisDelivery> all, List<RedisDelivery> some, List<RedisDelivery> others) {
        if (some.size() < all.size()) {
            Set<RedisDelivery> known = new HashSet<>(some);
            all.stream().filter(delivery -> !known.contains(delivery)).forEach(others::add);
        }
    }

    /** Runs a script over deliveries that returns the ids of those that are stale. */
    private CompletableFuture<SettleReport> settled(
            String script,
            RedisHoldings mine,
            List<RedisDelivery> deliveries,
            List<RedisDelivery> stale,
            List<Object> more) {
        if (deliveries.isEmpty()) {
            return CompletableFuture.completedFuture(report(stale));
        }
        var values = new ArrayList<Object>(deliveries.size() + 4);
        values.add(group);
        values.add(mine.consumer());
        values.addAll(more);
        deliveries.forEach(delivery -> values.add(delivery.id()));
        return link.commands()
                .run(what, script, key, values.toArray())
                .handle((ids, failure) -> {
                    if (isGroupGone(failure)) {
                        stale.addAll(deliveries);
                        return report(stale);
                    }
                    rethrow(failure);
                    Set<String> gone = new HashSet<>();
                    RedisReplies.list(ids).forEach(id -> gone.add(RedisReplies.text(id)));
                    deliveries.stream()
                            .filter(delivery -> gone.contains(delivery.id()))
                            .forEach(stale::add);
                    return report(stale);
                });
    }

    private static boolean isGroupGone(@org.jspecify.annotations.Nullable Throwable failure) {
        return failure instanceof RedisQuestion.ErrorReply reply
                && reply.reply().contains("NOGROUP");
    }

    private static void rethrow(@org.jspecify.annotations.Nullable Throwable failure) {
        if (failure instanceof RedisQuestion.ErrorReply reply) {
            throw reply.error();
        }
        if (failure != null) {
            throw failure instanceof RuntimeException known
                    ? known
                    : new CompletionException(failure);
        }
    }

    private static SettleReport report(List<RedisDelivery> stale) {
        return stale.isEmpty()
                ? SettleReport.allConfirmed()
                : new SettleReport(true, List.copyOf(stale));
    }

    /** Keeps what was promised for longer than a lease. */
    void renew(RedisHoldings mine, long now) {
        List<RedisDelivery> due = mine.promisedBeyond(now, leaseNanos, now - leaseNanos / 3);
        if (!due.isEmpty()) {
            var _ =
                    settled(RedisScripts.EXTEND, mine, due, new ArrayList<>(), List.of())
                            .thenAccept(report -> mine.extend(due, now, 0));
        }
    }

    /** Tells which of these the consumer has no more. */
    CompletableFuture<List<RedisDelivery>> missing(
            RedisHoldings mine, List<RedisDelivery> deliveries) {
        return settled(RedisScripts.HELD, mine, deliveries, new ArrayList<>(), List.of())
                .thenApply(
                        report -> report.stale().stream().map(RedisDelivery.class::cast).toList());
    }

    /** Gives back all that a consumer has, and removes it. */
    CompletableFuture<List<Object>> leave(RedisWire wire, String consumer) {
        return wire.run(what, RedisScripts.LEAVE, key, group, consumer, RedisNames.RELEASED);
    }

    /** Removes consumers that crashed long ago and have nothing. */
    void tidy(String consumer, Duration idle) {
        var _ =
                link.commands()
                        .run(
                                what,
                                RedisScripts.TIDY,
                                key,
                                group,
                                consumer,
                                RedisNames.CONSUMER,
                                idle.toMillis());
    }
}
