// SPDX-License-Identifier: Apache-2.0
/** Sessions, topic hub and limits of the server, without sockets. */
@NullMarked
package dev.lapwing.gateway;

import org.jspecify.annotations.NullMarked;
