// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** The bare log. */
final class BareTarget implements PublishTarget {
    private final BareLog log;

    BareTarget(Path directory) throws IOException {
        log = new BareLog(directory);
    }

    @Override
    public void publish(long number, byte[] payload) {
        log.publish(payload);
    }

    @Override
    public CompletableFuture<Void> publishAsync(long number, byte[] payload) {
        return log.publishAsync(payload);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        log.close();
    }
}
