// SPDX-License-Identifier: Apache-2.0
/** The lapwing command. */
@NullMarked
package dev.lapwing.cli;

import org.jspecify.annotations.NullMarked;
