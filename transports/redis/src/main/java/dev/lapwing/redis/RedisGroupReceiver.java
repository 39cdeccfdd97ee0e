// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A member of a group: a consumer with a name of its own. Between its reads it claims what others
 * gave back or left behind. When its wire breaks, what it had is given back as soon as there is a
 * new one, and it goes on as a new consumer.
 */
final class RedisGroupReceiver extends RedisReceiver {
    private static final Logger LOGGER = System.getLogger(RedisGroupReceiver.class.getName());
    private static final long TIDY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final Duration FORGOTTEN = Duration.ofHours(1);

    private final String group;
    private final Duration lease;
    private final byte[] payloadField;
    private final RedisSettler settler;
    private final Consumer<RedisGroupReceiver> gaveBack;
    private volatile RedisHoldings holdings = new RedisHoldings("");
    private volatile @Nullable String resume;
    private String cursor = RedisStart.BEGINNING;
    private long claimed = System.nanoTime() - TIDY_NANOS;
    private long tidied = System.nanoTime();
    private boolean checking;

    /**
     * A member that has not joined.
     *
     * @param gaveBack told when other members can have something
     */
    RedisGroupReceiver(
            RedisLink link,
            RedisNames names,
            RedisMessages messages,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<RedisGroupReceiver> gaveBack) {
        super(link, names, request, listener, lookFor(request.lease()));
        this.group = request.group().orElseThrow();
        this.lease = request.lease();
        this.payloadField = messages.payloadField();
        this.gaveBack = gaveBack;
        this.settler = new RedisSettler(link, topic, key, group, lease);
    }

    private static Duration lookFor(Duration lease) {
        return Duration.ofMillis(Math.clamp(lease.toMillis() / 4, 20, 500));
    }

    /** Whether it is a member of the same group as another. */
    boolean isWith(RedisGroupReceiver other) {
        return topic.equals(other.topic) && group.equals(other.group);
    }

    /** Looks at once for what others gave back. */
    void claimSoon() {
        serial.run(() -> {
            claimed = System.nanoTime() - TIDY_NANOS;
            if (credit() > 0) {
                interrupt();
            }
            turn();
        });
    }

    @Override
    void prepare(RedisWire fresh) {
        String at = resume;
        RedisStart start =
                at == null
                        ? RedisStart.of(link.settings(), fresh, topic, key, request.start())
                        : new RedisStart(at, -1);
        create(fresh, start);
        resume = start.after();
        RedisHoldings before = holdings;
        if (!before.consumer().isEmpty()) {
            RedisWire.await(link.settings(), settler.leave(fresh, before.consumer()));
        }
        holdings = new RedisHoldings(RedisNames.CONSUMER + UUID.randomUUID());
    }

    private void create(RedisWire fresh, RedisStart start) {
        CommandArgs<byte[], byte[]> args =
                RedisWire.args()
                        .add("CREATE")
                        .addKey(key)
                        .add(group)
                        .add(start.after())
                        .add("MKSTREAM");
        if (start.ordinal() >= 0) {
            args.add("ENTRIESREAD").add(start.ordinal());
        }
        try {
            RedisWire.await(
                    link.settings(),
                    fresh.ask(
                                    "Group '%s' of topic '%s'".formatted(group, topic),
                                    CommandType.XGROUP,
                                    new StatusOutput<>(ByteArrayCodec.INSTANCE),
                                    args)
                            .exceptionally(RedisGroupReceiver::existing));
        } finally {
            cursor = RedisStart.BEGINNING;
        }
    }

    private static String existing(Throwable failure) {
        if (failure instanceof RedisQuestion.ErrorReply reply
                && RedisErrors.code(reply.reply()).equals("BUSYGROUP")) {
            return "OK";
        }
        throw (RuntimeException) failure;
    }

    @Override
    CommandType readCommand() {
        return CommandType.XREADGROUP;
    }

    @Override
    CommandArgs<byte[], byte[]> read(int count, long waitMillis) {
        return RedisWire.args()
                .add("GROUP")
                .add(group)
                .add(holdings.consumer())
                .add("COUNT")
                .add(count)
                .add("BLOCK")
                .add(waitMillis)
                .add("STREAMS")
                .addKey(key)
                .add(">");
    }

    @Override
    void took(List<RedisEntry> entries, long readSince) {
        RedisHoldings mine = holdings;
        resume = entries.getLast().id();
        var deliveries = new ArrayList<RedisDelivery>(entries.size());
        for (RedisEntry entry : entries) {
            var message = new RedisMessage(topic, entry, payloadField);
            deliveries.add(new RedisDelivery(message, 1, mine, readSince));
        }
        deliver(mine, deliveries);
    }

    private void deliver(RedisHoldings mine, List<RedisDelivery> deliveries) {
        if (isStopped()) {
            settler.giveBack(mine, deliveries, false);
            return;
        }
        List<RedisDelivery> replaced = mine.add(deliveries);
        if (!replaced.isEmpty()) {
            listener.lost(replaced, "the lease ran out, and the message is delivered again");
        }
        useCredit(deliveries.size());
        listener.deliver(deliveries);
    }

    @Override
    @Nullable CompletableFuture<?> errand(RedisWire idle, int most) {
        long now = System.nanoTime();
        if (now - claimed < look().toNanos()) {
            return null;
        }
        claimed = now;
        RedisHoldings mine = holdings;
        return idle.run(
                        "Claiming from group '%s' of topic '%s'".formatted(group, topic),
                        RedisScripts.CLAIM,
                        key,
                        group,
                        mine.consumer(),
                        RedisNames.RELEASED,
                        Math.max(1, lease.toMillis()),
                        most,
                        cursor)
                .whenComplete((reply, failure) ->
                        serial.run(() -> {
                            if (failure == null) {
                                claimed(mine, RedisReplies.list(reply), now);
                            } else if (failure instanceof RedisQuestion.ErrorReply error) {
                                refused(idle, error);
                            }
                        }));
    }

    private void claimed(RedisHoldings mine, List<Object> reply, long since) {
        cursor = RedisReplies.text(reply.get(0));
        tellGap(RedisReplies.number(reply.get(3)), Optional.of(RedisReplies.text(reply.get(4))));
        tellGap(RedisReplies.number(reply.get(2)), Optional.empty());
        var deliveries = new ArrayList<RedisDelivery>();
        for (Object each : RedisReplies.list(reply.get(1))) {
            List<Object> taken = RedisReplies.list(each);
            byte[][] fields =
                    RedisReplies.list(taken.get(2)).stream()
                            .map(byte[].class::cast)
                            .toArray(byte[][]::new);
            var entry = new RedisEntry(RedisReplies.text(taken.get(1)), fields);
            var message = new RedisMessage(topic, entry, payloadField);
            int attempt = (int) Math.min(Integer.MAX_VALUE, RedisReplies.number(taken.get(0)));
            deliveries.add(new RedisDelivery(message, Math.max(1, attempt), mine, since));
        }
        if (!deliveries.isEmpty()) {
            deliver(mine, deliveries);
        }
    }

    private void tellGap(long messages, Optional<String> after) {
        if (messages > 0 && !isStopped()) {
            listener.gap(
                    new Gap(
                            topic,
                            after.filter(id -> !id.equals(RedisStart.BEGINNING)).map(Position::new),
                            messages,
                            after.isPresent()
                                    ? "trimmed before the group had read them"
                                    : "deleted or trimmed before they were handled"));
        }
    }

    @Override
    void down(String reason) {
        List<RedisDelivery> lost = holdings.end();
        if (!lost.isEmpty()) {
            listener.lost(lost, "the link broke: " + reason);
        }
    }

    @Override
    void lookAround() {
        long now = System.nanoTime();
        if (now - tidied > TIDY_NANOS) {
            tidied = now;
            settler.tidy(holdings.consumer(), longest(lease.multipliedBy(10), FORGOTTEN));
        }
        RedisHoldings mine = holdings;
        if (checking || mine.consumer().isEmpty()) {
            return;
        }
        settler.renew(mine, now);
        var _ =
                settler.resolve(mine)
                        .thenAccept(some -> {
                            if (some) {
                                gaveBack.accept(this);
                            }
                        });
        List<RedisDelivery> overdue = mine.leasedBefore(now - lease.toNanos());
        if (!overdue.isEmpty()) {
            checking = true;
            var _ =
                    settler.missing(mine, overdue)
                            .whenComplete((lost, failure) ->
                                    serial.run(() -> {
                                        checking = false;
                                        if (failure == null) {
                                            lost(mine, lost);
                                        }
                                    }));
        }
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void lost(RedisHoldings mine, List<RedisDelivery> deliveries) {
        List<RedisDelivery> gone = mine.take(deliveries);
        if (!gone.isEmpty()) {
            listener.lost(gone, "the lease ran out, and another consumer claimed them");
        }
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        List<RedisDelivery> ours = new ArrayList<>(deliveries.size());
        List<RedisDelivery> stale = new ArrayList<>(0);
        RedisHoldings mine = holdings;
        for (Received each : deliveries) {
            RedisDelivery delivery = (RedisDelivery) each;
            (delivery.holdings() == mine ? ours : stale).add(delivery);
        }
        return switch (settlement) {
            case Settlement.Ack ack -> settler.ack(mine, ours, stale);
            case Settlement.Extend extend -> settler.extend(mine, ours, stale, extend.lease());
            case Settlement.GiveBack back ->
                    back.pause().isPositive()
                            ? CompletableFuture.failedFuture(
                                    RedisCapabilities.refusal(
                                            dev.lapwing.Capability.GIVE_BACK_LATER))
                            : giveBack(mine, ours, stale, back.failed());
            case Settlement.Reject reject ->
                    CompletableFuture.failedFuture(
                            RedisCapabilities.refusal(dev.lapwing.Capability.DEAD_LETTERS));
        };
    }

    private CompletableFuture<SettleReport> giveBack(
            RedisHoldings mine,
            List<RedisDelivery> ours,
            List<RedisDelivery> stale,
            boolean failed) {
        return settler.giveBack(mine, ours, stale, failed)
                .whenComplete((report, failure) -> {
                    if (failure == null) {
                        gaveBack.accept(this);
                    }
                });
    }

    @Override
    void leave() {
        RedisHoldings mine = holdings;
        mine.end();
        if (mine.consumer().isEmpty()) {
            return;
        }
        try {
            depart(mine.consumer());
        } catch (LapwingException e) {
            LOGGER.log(
                    Level.INFO,
                    "What a consumer of group {0} had is given back when the link is up: {1}",
                    group,
                    e.getMessage());
            link.owe(new Departure(mine.consumer()));
        }
    }

    private void depart(String consumer) {
        RedisWire.await(link.settings(), settler.leave(link.commands(), consumer));
        gaveBack.accept(this);
    }

    /** What is left to do for a member that closed while the link was down. */
    private final class Departure implements RedisLink.Declared {
        private final String consumer;
        private volatile boolean done;

        Departure(String consumer) {
            this.consumer = consumer;
        }

        @Override
        public boolean inForce() {
            return done;
        }

        @Override
        public void declare() {
            depart(consumer);
            done = true;
            link.forget(this);
        }
    }
}
