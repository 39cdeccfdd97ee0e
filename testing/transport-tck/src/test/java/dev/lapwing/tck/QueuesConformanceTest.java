// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.reference.ReferenceSettings;

/** The suite on the reference broker, as ReferenceSettings.queues() makes it. */
class QueuesConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> ReferenceSpace.of(ReferenceSettings.queues());
    }
}
