// SPDX-License-Identifier: Apache-2.0
/** The conformance suite that every transport passes. */
@NullMarked
package dev.lapwing.tck;

import org.jspecify.annotations.NullMarked;
