// SPDX-License-Identifier: Apache-2.0
/** lapwing://, the transport over a Lapwing server. */
@NullMarked
package dev.lapwing.remote;

import org.jspecify.annotations.NullMarked;
