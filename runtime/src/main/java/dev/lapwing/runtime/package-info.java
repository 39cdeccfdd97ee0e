// SPDX-License-Identifier: Apache-2.0
/**
 * Publishing, delivery, retry and dead letters, written once for every transport.
 *
 * <p>Start reading at {@code Connection}. A message goes out through {@code PublishPipeline}, and
 * comes in through {@code DeliveryLoop}: {@code Credit} lets it in, {@code Lanes} order it, a
 * {@code Consumption} (handlers, a stream, a reactive subscriber) takes it, {@code Disposition}
 * carries out what was decided, and {@code Settler} tells the broker.
 *
 * <p>Locks: {@code InFlight}, {@code Lanes}, {@code OpenDeliveries}, {@code Credit}, {@code
 * FloorTracker}, {@code DeadLetterWriter}, {@code LinkState} and each {@code LiveDelivery} have one
 * of their own. Nobody calls out of its part while it holds its lock, so that no thread ever holds
 * two. {@code Requests} alone opens and closes its one subscription under its lock, and nothing
 * that the subscription runs takes it.
 *
 * <p>Threads: a transport calls in on its own thread and gets it back at once. Users' code runs on
 * the handlers' virtual threads, on the thread that completes futures, or on the one that tells
 * changes of state. All of them are daemons.
 */
@NullMarked
package dev.lapwing.runtime;

import org.jspecify.annotations.NullMarked;
