// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.io.IOException;
import java.io.Serial;

/** The server has answered something else than that a WebSocket begins. */
final class UpgradeRefusedException extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    UpgradeRefusedException(Problem problem) {
        super(problem.text());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
