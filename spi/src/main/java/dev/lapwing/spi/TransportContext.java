// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.ConnectionState;

import java.time.Clock;
import java.util.function.Consumer;

/**
 * What the runtime gives a transport when it connects.
 *
 * @param clock the source of wall time
 * @param maxPayloadBytes the largest payload that will be sent, in bytes
 * @param state told every change of the link's state; may be called from any thread, returns at
 *     once
 */
public record TransportContext(Clock clock, int maxPayloadBytes, Consumer<ConnectionState> state) {}
