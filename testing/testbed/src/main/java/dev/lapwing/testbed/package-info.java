// SPDX-License-Identifier: Apache-2.0
/** Real brokers as child processes, and links to them that break on purpose. */
@NullMarked
package dev.lapwing.testbed;

import org.jspecify.annotations.NullMarked;
