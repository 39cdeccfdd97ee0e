// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

/** What the suite needs to know of a transport; one small class for each. */
public interface TransportUnderTest {

    /**
     * Opens a space for one test. Topics and groups have names of their own in every test, so that
     * a running broker may be shared by all.
     *
     * @throws Exception if the broker cannot be had
     */
    Space open() throws Exception;

    /** How fast it is. */
    default Pace pace() {
        return Pace.local();
    }
}
