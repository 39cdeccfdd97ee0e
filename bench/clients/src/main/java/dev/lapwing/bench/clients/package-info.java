// SPDX-License-Identifier: Apache-2.0
/** The load processes of the broker suites: each broker's own client, and Lapwing. */
@org.jspecify.annotations.NullMarked
package dev.lapwing.bench.clients;
