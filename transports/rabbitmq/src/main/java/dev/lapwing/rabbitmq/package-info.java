// SPDX-License-Identifier: Apache-2.0
/** amqp:// and amqps://, the transport over RabbitMQ. */
@NullMarked
package dev.lapwing.rabbitmq;

import org.jspecify.annotations.NullMarked;
