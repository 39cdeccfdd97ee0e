// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.reference.ReferenceSettings;

/** The suite on the reference broker, as ReferenceSettings.floors(4) makes it. */
class FloorsConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () -> ReferenceSpace.of(ReferenceSettings.floors(4));
    }
}
