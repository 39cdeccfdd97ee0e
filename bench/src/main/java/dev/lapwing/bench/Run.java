// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What every suite of one run shares. */
record Run(Settings settings, Path data, Progress progress) {

    void step(String suite, String what, int repetition) {
        progress.step(
                "%s: %s, repetition %d of %d"
                        .formatted(suite, what, repetition, settings.repetitions()));
    }

    /** A client's arguments, with the times of this run. */
    List<String> timed(String... arguments) {
        return Stream.concat(Stream.of(arguments), settings.timing().stream()).toList();
    }
}
