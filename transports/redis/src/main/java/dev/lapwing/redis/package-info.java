// SPDX-License-Identifier: Apache-2.0
/** redis:// and rediss://, the transport over Redis. */
@NullMarked
package dev.lapwing.redis;

import org.jspecify.annotations.NullMarked;
