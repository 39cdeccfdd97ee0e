// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Spreads messages over lanes by their topic, so that the order of a topic is kept. */
final class RemoteSender implements Sender {

    private final List<SendLane> lanes;

    RemoteSender(Publishing publishing, Executor executor, int lanes) {
        this.lanes =
                Stream.generate(() -> new SendLane(publishing, executor)).limit(lanes).toList();
    }

    /** Completes what waits as unknown, and what comes later. */
    void close() {
        lanes.forEach(SendLane::close);
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        for (SendRequest request : batch) {
            int lane = Math.floorMod(request.message().topic().hashCode(), lanes.size());
            lanes.get(lane).add(request);
        }
        lanes.forEach(SendLane::run);
    }
}
