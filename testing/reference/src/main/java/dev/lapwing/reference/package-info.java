// SPDX-License-Identifier: Apache-2.0
/** A small in-memory transport, correct and readable, with faults on demand: for tests. */
@NullMarked
package dev.lapwing.reference;

import org.jspecify.annotations.NullMarked;
