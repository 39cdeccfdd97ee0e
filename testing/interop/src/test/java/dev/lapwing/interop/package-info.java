// SPDX-License-Identifier: Apache-2.0
/** Lapwing beside clients that are not ours, on real brokers. */
@NullMarked
package dev.lapwing.interop;

import org.jspecify.annotations.NullMarked;
