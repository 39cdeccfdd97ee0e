// SPDX-License-Identifier: Apache-2.0
/** The durable segmented log. */
@NullMarked
package dev.lapwing.log;

import org.jspecify.annotations.NullMarked;
