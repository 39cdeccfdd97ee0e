// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Objects;

/**
 * A place in a topic, as a token that can be printed, stored and given back: {@link
 * StartAt#after(Position)} resumes behind it. Opaque: what it looks like differs by transport, and
 * tokens can be compared only where {@link Capability#COMPARABLE_POSITIONS} is there.
 *
 * @param token 1 to 1,024 printable ASCII characters
 */
public record Position(String token) {

    /**
     * Checks the token.
     *
     * @throws IllegalArgumentException if it is empty, too long or not printable ASCII
     */
    public Position {
        Objects.requireNonNull(token, "token");
        if (token.isEmpty() || token.length() > 1024) {
            throw new IllegalArgumentException(
                    "position token has %d characters; it must have 1 to 1024"
                            .formatted(token.length()));
        }
        for (int at = 0; at < token.length(); at++) {
            if (token.charAt(at) <= ' ' || token.charAt(at) > '~') {
                throw new IllegalArgumentException(
                        "position token has a character that is not printable ASCII at index "
                                + at);
            }
        }
    }

    /** The token. */
    @Override
    public String toString() {
        return token;
    }
}
