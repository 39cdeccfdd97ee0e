// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

/** A measurement that could not be taken; the message says why. Its row is not measured. */
final class BenchmarkFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    BenchmarkFailure(String message) {
        super(message);
    }
}
