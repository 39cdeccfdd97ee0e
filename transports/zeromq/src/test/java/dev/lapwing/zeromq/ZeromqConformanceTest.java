// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.Ports;

/** The suite on one port that this program opens and reads from: there is nothing in between. */
class ZeromqConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> {
            String uri = "zmq+tcp://127.0.0.1:%d?settle=0s".formatted(Ports.free());
            return Space.inProcess(uri);
        };
    }
}
