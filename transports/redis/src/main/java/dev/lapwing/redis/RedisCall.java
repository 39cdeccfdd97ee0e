// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;
import io.netty.buffer.ByteBuf;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command on its way, which ends exactly once: with a reply, an error reply, or a link that broke
 * before either. Its end is told on the thread of its wire.
 *
 * @param <T> what its reply is read as
 */
abstract class RedisCall<T> extends Command<byte[], byte[], T> {
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean written;

    RedisCall(
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args) {
        super(type, output, args);
    }

    /** The server replied. */
    abstract void replied(T reply);

    /** The server replied with an error. */
    abstract void failed(String error);

    /**
     * The link broke before the reply.
     *
     * @param written whether the server may have got the command
     */
    abstract void broken(boolean written, String why);

    @Override
    public void encode(ByteBuf buffer) {
        written = true;
        super.encode(buffer);
    }

    @Override
    public void complete() {
        super.complete();
        if (ended.compareAndSet(false, true)) {
            String error = output.getError();
            if (error != null) {
                failed(error);
            } else {
                replied(output.get());
            }
        }
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        super.completeExceptionally(failure);
        end(String.valueOf(failure.getMessage()));
        return true;
    }

    @Override
    public void cancel() {
        super.cancel();
        end("the connection was closed");
    }

    private void end(String why) {
        if (ended.compareAndSet(false, true)) {
            broken(written, why);
        }
    }
}
