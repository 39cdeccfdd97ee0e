// SPDX-License-Identifier: Apache-2.0
/** nats:// and tls://, the transport over NATS. */
@NullMarked
package dev.lapwing.nats;

import org.jspecify.annotations.NullMarked;
