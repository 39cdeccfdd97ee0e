// SPDX-License-Identifier: Apache-2.0
/** kafka://, the transport over Kafka. */
@NullMarked
package dev.lapwing.kafka;

import org.jspecify.annotations.NullMarked;
