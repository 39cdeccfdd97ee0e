// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for results and hands on what they failed with, unwrapped. */
final class Waiting {
    private Waiting() {}

    static <T> T forResult(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
