// SPDX-License-Identifier: Apache-2.0
/** zmq+tcp:// and zmq+ipc://, the transport over ZeroMQ. */
@NullMarked
package dev.lapwing.zeromq;

import org.jspecify.annotations.NullMarked;
