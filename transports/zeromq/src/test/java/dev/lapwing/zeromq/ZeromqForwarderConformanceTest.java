// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.Ports;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.util.Optional;

/**
 * The suite with a forwarder of libzmq in between, and links that are cut. Everything that Lapwing
 * sends and reads here goes through foreign sockets.
 */
class ZeromqForwarderConformanceTest extends TransportConformance {

    private static final int TAKEN = Ports.free();
    private static final int GIVEN = Ports.free();
    private static @Nullable LibzmqPeer forwarder;

    @BeforeAll
    static void startForwarder() {
        forwarder = LibzmqPeer.start("forwarder", Integer.toString(TAKEN), Integer.toString(GIVEN));
    }

    @AfterAll
    static void stopForwarder() {
        if (forwarder != null) {
            forwarder.close();
        }
    }

    @Override
    protected TransportUnderTest transport() {
        return ForwarderSpace::new;
    }

    private static final class ForwarderSpace implements Space, Space.Outage {

        private final LinkProxy taking = LinkProxy.to(TAKEN);
        private final LinkProxy giving = LinkProxy.to(GIVEN);
        private @Nullable LibzmqPeer writer;

        @Override
        public String uri() {
            return "zmq+tcp://127.0.0.1:%d?bind=none&publish=127.0.0.1:%d&settle=100ms&heartbeat=500ms"
                    .formatted(giving.port(), taking.port());
        }

        @Override
        public Optional<Outage> outage() {
            return Optional.of(this);
        }

        @Override
        public void begin() {
            taking.cut();
            giving.cut();
        }

        @Override
        public void end() {
            taking.heal();
            giving.heal();
        }

        @Override
        public Optional<Outage> silence() {
            return Optional.of(
                    Outage.of(
                            () -> {
                                taking.freeze();
                                giving.freeze();
                            },
                            () -> {
                                taking.thaw();
                                giving.thaw();
                            }));
        }

        @Override
        public Optional<ForeignWriter> foreign() {
            return Optional.of((topic, payload) -> {
                if (writer == null) {
                    writer = LibzmqPeer.start("publish", "tcp://127.0.0.1:" + TAKEN);
                }
                writer.send(topic, payload);
            });
        }

        @Override
        public void close() {
            if (writer != null) {
                writer.close();
            }
            taking.close();
            giving.close();
        }
    }
}
