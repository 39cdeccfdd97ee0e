// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;

/**
 * What the Java in the documents may take as given: its {@code lapwing}, and the reader's own
 * program.
 */
public abstract class SnippetSurroundings {
    /** A connection. */
    protected final Lapwing lapwing;

    protected SnippetSurroundings() {
        lapwing = Lapwing.connect("memory:");
    }

    /** The reader's business. */
    protected void charge(String order) {}

    /** The reader's business. */
    protected void charge(Delivery order) {}
}
