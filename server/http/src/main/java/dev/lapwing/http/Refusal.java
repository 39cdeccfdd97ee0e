// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

/** Leaves the reading of a request at the point where it turned out to be wrong. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    Refusal(Problem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
