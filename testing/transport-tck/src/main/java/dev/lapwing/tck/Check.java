// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Marks a check of the conformance suite. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(FlawNamer.class)
public @interface Check {

    /** The clauses that it proves. */
    Clause[] proves();

    /**
     * What a transport does that fails it, as a verb phrase after "the transport": "loses a
     * header". It stands first in the failure's message.
     */
    String flaw();
}
