// SPDX-License-Identifier: Apache-2.0
/** Publishing, delivery, retry and dead letters, written once for every transport. */
@NullMarked
package dev.lapwing.runtime;

import org.jspecify.annotations.NullMarked;
