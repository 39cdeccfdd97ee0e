// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.util.concurrent.CompletableFuture;

/**
 * Where a subscription goes on after its connection broke, so that nothing is missed and nothing
 * comes twice. One thread at a time uses it.
 */
interface ResumePoint {

    /** What to give the server as {@code from}; asks the server where that is needed. */
    CompletableFuture<String> from();

    /** Remembers an event; false if it was seen before. */
    boolean advance(Frame.Event event);
}
