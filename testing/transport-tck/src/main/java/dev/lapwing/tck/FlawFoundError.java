// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

/** A check found the flaw that it looks for. */
public final class FlawFoundError extends AssertionError {
    private static final long serialVersionUID = 1L;

    FlawFoundError(String message, Throwable cause) {
        super(message, cause);
    }
}
