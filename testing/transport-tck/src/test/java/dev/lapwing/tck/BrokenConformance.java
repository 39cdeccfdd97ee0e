// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Objects;

/** The suite on a transport with a flaw; run only by {@link BrokenTransportsTest}. */
final class BrokenConformance extends TransportConformance {

    static volatile @Nullable Flaw flaw;

    private static final Pace IMPATIENT =
            Pace.local()
                    .withPatience(Duration.ofMillis(900))
                    .withQuiet(Duration.ofMillis(100))
                    .withLeaseAndPause(Duration.ofMillis(250), Duration.ofMillis(200))
                    .withMessages(4_000);

    @Override
    protected TransportUnderTest transport() {
        Flaw current = Objects.requireNonNull(flaw, "no flaw is chosen");
        return new TransportUnderTest() {
            @Override
            public Space open() {
                return ReferenceSpace.of(current);
            }

            @Override
            public Pace pace() {
                return IMPATIENT;
            }
        };
    }
}
