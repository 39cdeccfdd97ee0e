// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.TreeMap;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Crash states by the thousand. A failure names its seed; {@code -Dlapwing.seed=…} runs that one
 * alone, {@code -Dlapwing.long=true} more than a million states.
 */
class CrashTest {
    private static final long STATES = Boolean.getBoolean("lapwing.long") ? 1_200_000 : 60_000;
    private static final int CONTROL_RUNS = 150;
    private static final Logger LOGGER = Logger.getLogger("dev.lapwing.log");
    private static final Level LEVEL = LOGGER.getLevel();

    @BeforeAll
    static void expectErrors() {
        LOGGER.setLevel(Level.OFF);
    }

    @AfterAll
    static void expectNoMoreErrors() {
        LOGGER.setLevel(LEVEL);
    }

    @Test
    void everyCrashStateGivesBackAllThatWasStored() {
        Long replayed = Long.getLong("lapwing.seed");
        if (replayed != null) {
            new CrashSimulation(replayed).run();
            return;
        }
        long seed = System.nanoTime();
        long states = 0;
        while (states < STATES) {
            states += new CrashSimulation(seed++).run();
        }
        assertThat(states).isGreaterThanOrEqualTo(STATES);
    }

    /** The control of the test above: it must fail when any one force or sync is left out. */
    @Test
    void everySyncThatIsLeftOutIsMissed() {
        var sites = new TreeSet<String>();
        for (long seed = 0; seed < 40; seed++) {
            var simulation = new CrashSimulation(seed);
            simulation.storage().sites = sites;
            simulation.run();
        }
        var missed = new TreeMap<String, Boolean>();
        sites.forEach(site -> missed.put(site, isMissed(site)));
        assertThat(missed).hasSizeGreaterThanOrEqualTo(10).doesNotContainValue(false);
    }

    private static boolean isMissed(String site) {
        for (long seed = 0; seed < CONTROL_RUNS; seed++) {
            var simulation = new CrashSimulation(seed);
            simulation.storage().swallowedSite = site;
            try {
                simulation.run();
            } catch (AssertionError expected) {
                return true;
            }
        }
        return false;
    }
}
