// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import java.util.UUID;

/** The conformance suite on {@code memory:}. */
class MemoryConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> Space.inProcess("memory:" + UUID.randomUUID());
    }
}
