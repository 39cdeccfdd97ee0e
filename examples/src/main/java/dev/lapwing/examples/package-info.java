// SPDX-License-Identifier: Apache-2.0
/** Short programs that show how Lapwing reads. */
@NullMarked
package dev.lapwing.examples;

import org.jspecify.annotations.NullMarked;
