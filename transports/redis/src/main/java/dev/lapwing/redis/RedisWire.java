// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ArrayOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One connection to a server, which lives until it breaks: it is never made again, and never sends
 * a command twice. What many threads send meanwhile goes out together, in order, from the
 * connection's own thread. Safe for use by many threads.
 */
final class RedisWire implements AutoCloseable {
    private static final int BATCH = 1024;

    private final RedisSettings settings;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Channel channel;
    private final Hearing hearing = new Hearing();
    private final Queue<RedisCall<?>> outbox = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean draining = new AtomicBoolean();
    private final AtomicBoolean released = new AtomicBoolean();
    private volatile String reason = "the server closed the connection";
    private volatile long pinged;
    private volatile @Nullable CompletableFuture<?> ping;

    RedisWire(
            RedisSettings settings,
            StatefulRedisConnection<byte[], byte[]> connection,
            Channel channel) {
        this.settings = settings;
        this.connection = connection;
        this.channel = channel;
        channel.pipeline().addFirst(hearing);
        if (!channel.isActive()) {
            hearing.end.complete(null);
        }
        onDown(this::release);
    }

    /** Notes when the server was heard last, and that it will not be again. */
    private static final class Hearing extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<Void> end = new CompletableFuture<>();
        private volatile Runnable pause = () -> {};
        private volatile long last = System.nanoTime();

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            // The client's own handlers come behind this one, and end the open calls.
            context.fireChannelInactive();
            end.complete(null);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            last = System.nanoTime();
            context.fireChannelRead(bytes);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.fireChannelReadComplete();
            pause.run();
        }
    }

    boolean isOpen() {
        return channel.isActive();
    }

    /** Runs when the connection is down, on its thread, after its calls have ended. */
    void onDown(Runnable task) {
        var _ = hearing.end.thenRun(task);
    }

    /** Runs on its thread whenever all that has arrived is read. */
    void onPause(Runnable task) {
        hearing.pause = task;
    }

    /** Why it is down, in words. */
    String reason() {
        return reason;
    }

    /** Closes it for a reason of ours. */
    void close(String why) {
        reason = why;
        var _ = channel.close();
    }

    /** Closes it and waits until it is; calls without a reply end as broken. */
    @Override
    public void close() {
        reason = "the connection was closed";
        release();
        hearing.end.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
    }

    /** Gives the client library what it keeps for the connection; more than once does nothing. */
    private void release() {
        if (released.compareAndSet(false, true)) {
            var _ = connection.closeAsync();
        }
    }

    void send(RedisCall<?> call) {
        outbox.add(call);
        drainSoon();
    }

    void send(List<? extends RedisCall<?>> calls) {
        outbox.addAll(calls);
        drainSoon();
    }

    private void drainSoon() {
        if (draining.compareAndSet(false, true)) {
            try {
                channel.eventLoop().execute(this::drain);
            } catch (RejectedExecutionException closed) {
                draining.set(false);
                for (RedisCall<?> call = outbox.poll(); call != null; call = outbox.poll()) {
                    call.cancel();
                }
            }
        }
    }

    private void drain() {
        draining.set(false);
        var batch = new ArrayList<RedisCall<?>>();
        for (RedisCall<?> call = outbox.poll(); call != null; call = outbox.poll()) {
            batch.add(call);
            if (batch.size() == BATCH) {
                break;
            }
        }
        if (batch.size() == 1) {
            connection.dispatch(batch.getFirst());
        } else if (!batch.isEmpty()) {
            connection.dispatch(batch);
        }
        if (!outbox.isEmpty()) {
            drainSoon();
        }
    }

    /** Asks for a reply of nested lists, bytes and numbers. */
    CompletableFuture<List<Object>> ask(
            String what, ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        return ask(what, type, new ArrayOutput<>(ByteArrayCodec.INSTANCE), args);
    }

    <T> CompletableFuture<T> ask(
            String what,
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args) {
        var question = new RedisQuestion<>(settings, what, type, output, args);
        send(question);
        return question.answer();
    }

    /** Sends a command of which it does not matter here whether the server does it. */
    void tell(String what, ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        send(
                new RedisQuestion<>(
                        settings, what, type, new ArrayOutput<>(ByteArrayCodec.INSTANCE), args));
    }

    /** Runs a script; what it changes is changed at once or not at all. */
    CompletableFuture<List<Object>> run(String what, String script, byte[] key, Object... values) {
        CommandArgs<byte[], byte[]> args = args().add(script).add(1).addKey(key);
        for (Object value : values) {
            if (value instanceof byte[] bytes) {
                args.add(bytes);
            } else {
                args.add(String.valueOf(value));
            }
        }
        return ask(what, CommandType.EVAL, args);
    }

    static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    /**
     * Waits for an answer, no longer than a connection may take and a silent server is put up with.
     *
     * @throws dev.lapwing.LapwingException if the server would not, or the link broke
     */
    static <T> T await(RedisSettings settings, CompletableFuture<T> answer) {
        long most = settings.connectTimeout().plus(settings.heartbeat().multipliedBy(3)).toMillis();
        try {
            return answer.get(most, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw error(settings, e.getCause());
        } catch (TimeoutException e) {
            throw RedisErrors.broken(settings, "no reply within " + most + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RedisErrors.broken(settings, "the thread was interrupted");
        }
    }

    private static RuntimeException error(RedisSettings settings, @Nullable Throwable cause) {
        return switch (cause) {
            case RedisQuestion.ErrorReply reply -> reply.error();
            case RuntimeException known -> known;
            case null, default -> RedisErrors.broken(settings, String.valueOf(cause));
        };
    }

    /**
     * Asks for a sign of life, or closes the connection when the last one was asked for too long
     * ago and nothing was heard since.
     */
    void check() {
        long now = System.nanoTime();
        long patience = settings.heartbeat().toNanos() * 2;
        CompletableFuture<?> open = ping;
        if (open != null && !open.isDone()) {
            if (now - pinged > patience && now - hearing.last > patience) {
                silent();
            }
        } else if (now - pinged >= settings.heartbeat().toNanos()) {
            pinged = now;
            ping =
                    ask(
                                    "A sign of life",
                                    CommandType.PING,
                                    new ArrayOutput<>(ByteArrayCodec.INSTANCE),
                                    args())
                            .exceptionally(refused -> List.of());
        }
    }

    /** Closes it because the server does not answer. */
    void silent() {
        close("the server gave no sign of life for " + settings.heartbeat().multipliedBy(2));
    }
}
