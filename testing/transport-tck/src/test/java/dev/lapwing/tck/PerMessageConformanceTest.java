// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.reference.ReferenceSettings;

/** The suite on the reference broker, as ReferenceSettings.perMessage() makes it. */
class PerMessageConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> ReferenceSpace.of(ReferenceSettings.perMessage());
    }
}
