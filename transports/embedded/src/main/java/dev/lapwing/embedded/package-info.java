// SPDX-License-Identifier: Apache-2.0
/** embedded: and memory:, the transport over the durable log. */
@NullMarked
package dev.lapwing.embedded;

import org.jspecify.annotations.NullMarked;
