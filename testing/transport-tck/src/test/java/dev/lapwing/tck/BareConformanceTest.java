// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Capability;
import dev.lapwing.reference.ReferenceSettings;

/** The suite on the reference broker with nothing but topics and bytes. */
class BareConformanceTest extends TransportConformance {

    @Override
    protected TransportUnderTest transport() {
        return () ->
                ReferenceSpace.of(
                        ReferenceSettings.unsettled()
                                .without(
                                        Capability.HEADERS,
                                        Capability.KEYS,
                                        Capability.PATTERNS,
                                        Capability.COMPETING_CONSUMERS));
    }
}
