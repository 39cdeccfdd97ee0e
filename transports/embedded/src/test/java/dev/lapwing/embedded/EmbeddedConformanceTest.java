// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Optional;

/** The conformance suite on {@code embedded:}; closing and opening the directory is its restart. */
class EmbeddedConformanceTest extends TransportConformance {

    @TempDir Path directory;

    @Override
    protected TransportUnderTest transport() {
        return () ->
                new Space() {
                    @Override
                    public String uri() {
                        return "embedded:" + directory;
                    }

                    @Override
                    public boolean inProcess() {
                        return true;
                    }

                    @Override
                    public Optional<Runnable> restart() {
                        return Optional.of(() -> {});
                    }
                };
    }
}
