// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A stream of Redis, through Lettuce as its documentation says to use it for speed: commands are
 * collected and flushed in batches. The batches go to a few connections in turn, because the server
 * forces its file once for everything that it has read from all of them.
 */
final class RedisTarget implements PublishTarget {
    private static final int BATCH = 256;
    private static final byte[] STREAM = "bench".getBytes(US_ASCII);
    private static final byte[] FIELD = "p".getBytes(US_ASCII);

    private final RedisClient client;
    private final List<StatefulRedisConnection<byte[], byte[]>> connections = new ArrayList<>();
    private int current;
    private int collected;

    RedisTarget(int port, int connections) {
        client = RedisClient.create(RedisURI.create("127.0.0.1", port));
        for (int connection = 0; connection < connections; connection++) {
            var opened = client.connect(ByteArrayCodec.INSTANCE);
            opened.setAutoFlushCommands(false);
            this.connections.add(opened);
        }
    }

    @Override
    public void publish(long number, byte[] payload) {
        throw new UnsupportedOperationException("Redis is measured pipelined only");
    }

    /** Called by one thread; the caller flushes before it waits. */
    @Override
    public CompletableFuture<String> publishAsync(long number, byte[] payload) {
        var future =
                connections
                        .get(current)
                        .async()
                        .xadd(STREAM, Map.of(FIELD, payload))
                        .toCompletableFuture();
        if (++collected == BATCH) {
            flush();
        }
        return future;
    }

    @Override
    public void flush() {
        connections.get(current).flushCommands();
        current = (current + 1) % connections.size();
        collected = 0;
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
