// SPDX-License-Identifier: Apache-2.0
/** The API that programs use. */
@NullMarked
package dev.lapwing;

import org.jspecify.annotations.NullMarked;
