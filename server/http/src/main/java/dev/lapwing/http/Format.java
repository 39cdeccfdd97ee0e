// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.util.Optional;

/** How events are written to a subscriber. */
enum Format {
    /** The payload alone: a text frame, or a binary one if it is not UTF-8. */
    RAW,
    /** A JSON object with the payload and all that belongs to it. */
    JSON;

    static Format parse(Optional<String> text) {
        return switch (text.orElse("raw")) {
            case "raw" -> RAW;
            case "json" -> JSON;
            default ->
                    throw new Refusal(
                            Problem.badRequest(
                                    "format is '%s'; it must be raw or json"
                                            .formatted(Target.printable(text.orElseThrow()))));
        };
    }
}
