// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.nio.file.Path;

/** A server that somebody else runs: it is used, but neither stopped nor started. */
record ForeignServer(String variable, String address) implements Lifecycle {

    @Override
    public void start() {
        throw notOurs("started");
    }

    @Override
    public void stop() {
        throw notOurs("stopped");
    }

    @Override
    public void kill() {
        throw notOurs("killed");
    }

    @Override
    public void pause() {
        throw notOurs("paused");
    }

    @Override
    public void resume() {
        throw notOurs("resumed");
    }

    @Override
    public Path log() {
        throw notOurs("read the log of");
    }

    @Override
    public void close() {
        // It goes on running.
    }

    private IllegalStateException notOurs(String deed) {
        return new IllegalStateException(
                "the server of %s (%s) cannot be %s by a test: use a server of the test's own"
                        .formatted(variable, BrokerServer.withoutPassword(address), deed));
    }
}
