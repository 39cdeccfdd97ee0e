// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.concurrent.CompletableFuture;

/** Where the publish load goes. */
interface PublishTarget extends AutoCloseable {
    /** Returns when the payload is on disk; the number says which message of the run it is. */
    void publish(long number, byte[] payload);

    /** Completes when the payload is on disk. */
    CompletableFuture<?> publishAsync(long number, byte[] payload);

    /** Sends what was collected; called before the publisher waits. */
    default void flush() {}

    @Override
    void close() throws Exception;
}
