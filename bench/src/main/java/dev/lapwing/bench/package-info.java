// SPDX-License-Identifier: Apache-2.0
/** Throughput, latency and cost beside baselines of the same run. */
@NullMarked
package dev.lapwing.bench;

import org.jspecify.annotations.NullMarked;
