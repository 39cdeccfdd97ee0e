// SPDX-License-Identifier: Apache-2.0
/** Lapwing from outside: its documents, its processes, its sockets. */
package dev.lapwing.system;
