// SPDX-License-Identifier: Apache-2.0
/** The HTTP and WebSocket endpoints of the server. */
@NullMarked
package dev.lapwing.http;

import org.jspecify.annotations.NullMarked;
