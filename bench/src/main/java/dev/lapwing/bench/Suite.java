// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.List;

/** One group of figures that are measured together, because they share servers or data. */
interface Suite {
    /** The word that selects this suite on the command line. */
    String name();

    /** Whether it belongs to the table of figures that have targets. */
    default boolean hasTargets() {
        return true;
    }

    /** The header of its table. */
    default List<String> header() {
        return Table.LAPWING;
    }

    /**
     * Measures its figures.
     *
     * @throws BenchmarkFailure if a process that was measured failed
     */
    List<Row> run(Run run) throws IOException, InterruptedException;
}
