// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import java.util.UUID;

/** The conformance suite on {@code memory:}. */
class MemoryConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> {
            String uri = "memory:" + UUID.randomUUID();
            return () -> uri;
        };
    }
}
