// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capabilities;
import dev.lapwing.Capabilities.Support;
import dev.lapwing.Capability;
import dev.lapwing.spi.SettleUnit;

/** The table of capabilities itself. */
public interface CapabilityChecks extends Conformance {

    /**
     * Native, emulated with how, or unsupported with what instead; and refused by a typed error.
     */
    @Check(proves = Clause.DECLARED, flaw = "lacks a capability without saying what to use instead")
    default void everyCapabilityIsAnswered() {
        Capabilities table = bench().capabilities();
        assertThat(table.transport()).isNotBlank();
        for (Capability capability : Capability.values()) {
            if (table.isNative(capability)) {
                continue;
            }
            assertThat(table.entry(capability).note())
                    .as("how %s is emulated, or what to use instead", capability)
                    .isNotBlank();
            if (!table.has(capability)) {
                Workbench.assertRefused(capability, () -> table.require(capability));
            }
        }
    }

    /** What only makes sense together is declared together. */
    @Check(proves = Clause.DECLARED, flaw = "declares capabilities that contradict each other")
    default void declarationsFitTogether() {
        SpiLink link = bench().spi();
        Capabilities table = link.transport().capabilities();
        assertThat(table.entries().values())
                .as("what a transport declares is native or not there")
                .noneMatch(entry -> entry.support() == Support.EMULATED);
        boolean settles = link.transport().settleUnit() != SettleUnit.NONE;
        for (Capability needsSettling :
                new Capability[] {
                    Capability.GIVE_BACK,
                    Capability.GIVE_BACK_LATER,
                    Capability.EXTEND_LEASE,
                    Capability.COUNTS_ATTEMPTS,
                    Capability.CONFIRMED_ACK
                }) {
            assertThat(settles || !table.has(needsSettling))
                    .as("%s is declared and nothing is settled", needsSettling)
                    .isTrue();
        }
        if (table.has(Capability.COMPARABLE_POSITIONS)) {
            assertThat(table.has(Capability.REPLAY_FROM_POSITION)).isTrue();
        }
        if (table.has(Capability.DURABLE)) {
            assertThat(table.has(Capability.STORED_CONFIRMATION)).isTrue();
        }
    }
}
