// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A reader of one stream on a wire of its own, where it waits for entries with as much credit as it
 * has. One read is under way at a time, and each ends within the pause between two looks around, so
 * that a server that is silent for longer is noticed. All that changes runs in {@link #serial}.
 */
abstract class RedisReceiver implements Receiver, RedisLink.Declared {
    private static final int MOST_ENTRIES = 1_000;
    private static final long END_MILLIS = 2_000;

    final RedisLink link;
    final ReceiverRequest request;
    final ReceiverListener listener;
    final String topic;
    final byte[] key;
    final RedisSerial serial = new RedisSerial();

    private final Duration look;
    private final ScheduledFuture<?> ticks;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private volatile @Nullable RedisWire wire;
    private volatile boolean everDeclared;
    private volatile RedisPeer peer = RedisPeer.UNKNOWN;
    private boolean busy;
    private boolean reading;
    private boolean interrupted;
    private long busySince;
    private long credit;
    private volatile boolean stopped;
    private volatile boolean ended;

    RedisReceiver(
            RedisLink link,
            RedisNames names,
            ReceiverRequest request,
            ReceiverListener listener,
            Duration look) {
        this.link = link;
        this.request = request;
        this.listener = listener;
        this.topic = request.topics().toString();
        this.key = names.key(topic);
        this.look = look;
        this.ticks = link.every(look, this::tick);
    }

    /** How long a read waits at the most, and how often the receiver looks around. */
    final Duration look() {
        return look;
    }

    /** The rest of XREAD or XREADGROUP. */
    abstract CommandArgs<byte[], byte[]> read(int count, long waitMillis);

    abstract CommandType readCommand();

    /** Takes what was read; runs in the serial. */
    abstract void took(List<RedisEntry> entries, long readSince);

    /**
     * Begins what has to be done before the next read, on the wire, if there is something; it
     * completes in any way, with nothing. Null: there is nothing.
     */
    abstract @Nullable CompletableFuture<?> errand(RedisWire idle, int most);

    /** Readies the topic on the server; may wait. */
    abstract void prepare(RedisWire fresh);

    /** The wire broke; runs in the serial. */
    abstract void down(String reason);

    /** Looks around; runs in the serial, also without credit. */
    abstract void lookAround();

    @Override
    public final boolean inForce() {
        RedisWire current = wire;
        return ended || (current != null && current.isOpen());
    }

    @Override
    public final void declare() {
        RedisWire fresh = link.dial();
        boolean taken = false;
        try {
            RedisPeer self = RedisPeer.of(link.settings(), fresh);
            peer.kill(fresh);
            prepare(fresh);
            fresh.onDown(() -> serial.run(() -> broke(fresh)));
            taken = true;
            everDeclared = true;
            peer = self;
            wire = fresh;
            serial.run(() -> {
                busy = false;
                reading = false;
                turn();
            });
            if (closed.get()) {
                fresh.close();
            }
        } catch (dev.lapwing.ConnectionFailedException e) {
            throw e;
        } catch (LapwingException e) {
            if (!everDeclared) {
                throw e;
            }
            fail(e);
        } finally {
            if (!taken) {
                fresh.close();
            }
        }
    }

    private void broke(RedisWire which) {
        if (wire != which) {
            return;
        }
        busy = false;
        reading = false;
        wire = null;
        if (stopped) {
            quiet.complete(null);
        }
        if (!closed.get() && !ended) {
            down(which.reason());
            link.broken(which.reason());
        }
    }

    final boolean isClosed() {
        return closed.get();
    }

    final boolean isStopped() {
        return stopped;
    }

    final long credit() {
        return credit;
    }

    final void useCredit(int deliveries) {
        credit -= deliveries;
    }

    @Override
    public final void grant(int deliveries) {
        serial.run(() -> {
            credit += deliveries;
            turn();
        });
    }

    /** Does the next thing on the wire, if it is free. */
    final void turn() {
        RedisWire current = wire;
        if (current == null || busy || ended) {
            return;
        }
        if (stopped) {
            quiet.complete(null);
            return;
        }
        int most = (int) Math.min(credit, MOST_ENTRIES);
        if (most <= 0) {
            return;
        }
        busy = true;
        busySince = System.nanoTime();
        CompletableFuture<?> errand = errand(current, most);
        if (errand != null) {
            var _ = errand.whenComplete((done, failure) -> serial.run(() -> free(current)));
        } else {
            read(current, most);
        }
    }

    private void read(RedisWire current, int most) {
        reading = true;
        interrupted = false;
        long since = busySince;
        var _ =
                current.ask(
                                "Reading topic '" + topic + "'",
                                readCommand(),
                                RedisEntries.ofRead(),
                                read(most, Math.max(1, look.toMillis())))
                        .whenComplete((entries, failure) ->
                                serial.run(() -> {
                                    reading = false;
                                    if (failure == null && !entries.isEmpty()) {
                                        took(entries, since);
                                    } else if (failure instanceof RedisQuestion.ErrorReply reply) {
                                        refused(current, reply);
                                    }
                                    free(current);
                                }));
    }

    private void free(RedisWire current) {
        if (wire == current) {
            busy = false;
            turn();
        }
    }

    /** The server would not let it read: what passes is tried again on a new wire. */
    final void refused(RedisWire current, RedisQuestion.ErrorReply reply) {
        if (RedisErrors.passes(reply.reply())) {
            current.close("the server replied " + reply.reply());
            return;
        }
        switch (RedisErrors.code(reply.reply())) {
            case "NOGROUP", "UNBLOCKED" ->
                    fail(
                            new ClosedException(
                                    "Topic '%s' or its group was deleted on %s"
                                            .formatted(topic, link.settings()),
                                    reply));
            default -> fail(reply.error());
        }
    }

    /** Ends for good. */
    final void fail(LapwingException cause) {
        serial.run(() -> {
            if (!ended && !closed.get()) {
                ended = true;
                stopped = true;
                quiet.complete(null);
                ticks.cancel(false);
                link.forget(this);
                listener.failed(cause);
            }
        });
    }

    /** Ends a read that waits, so that an errand is done at once. */
    final void interrupt() {
        if (reading && !interrupted) {
            interrupted = true;
            peer.unblock(link.commands());
        }
    }

    private void tick() {
        serial.run(() -> {
            RedisWire current = wire;
            if (everDeclared && !closed.get() && !inForce()) {
                link.broken("the connection that reads topic '" + topic + "' is gone");
            }
            if (current != null && busy) {
                long patience = look.plus(link.settings().heartbeat().multipliedBy(2)).toNanos();
                if (System.nanoTime() - busySince > patience) {
                    current.silent();
                }
            }
            lookAround();
        });
    }

    @Override
    public final CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        serial.run(() -> {
            stopped = true;
            interrupt();
            turn();
            if (wire == null || ended) {
                quiet.complete(null);
            }
            done.complete(null);
        });
        return done;
    }

    @Override
    public final void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        ticks.cancel(false);
        var _ = stop();
        awaitQuiet();
        link.forget(this);
        leave();
        RedisWire current = wire;
        if (current != null) {
            current.close();
        }
    }

    /** Leaves the group, if there is one; may wait. */
    abstract void leave();

    private void awaitQuiet() {
        try {
            quiet.get(look.toMillis() + END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // What the server hands over now is given back when its lease is over.
        }
    }
}
