// SPDX-License-Identifier: Apache-2.0
/** The contract that a transport implements. */
@NullMarked
package dev.lapwing.spi;

import org.jspecify.annotations.NullMarked;
