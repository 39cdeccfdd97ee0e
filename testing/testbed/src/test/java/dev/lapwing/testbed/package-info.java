// SPDX-License-Identifier: Apache-2.0
/** The testbed against real servers. */
@NullMarked
package dev.lapwing.testbed;

import org.jspecify.annotations.NullMarked;
