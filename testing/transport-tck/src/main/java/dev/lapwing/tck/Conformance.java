// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

/** What every group of checks stands on. */
public interface Conformance {

    /** The workbench of the test that runs. */
    Workbench bench();
}
