// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.List;

/** From the exec of {@code ./lapwing serve}, once built, to the line that says it is ready. */
final class ReadySuite implements Suite {
    private static final String FIGURE = "seconds to ready";

    private final Comparison comparison = new Comparison();

    @Override
    public String name() {
        return "ready";
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
            run.step(name(), "./lapwing serve", repetition);
            comparison.attempt(
                    "lapwing",
                    () -> {
                        try (Scratch scratch = Scratch.under(run.data())) {
                            long start = System.nanoTime();
                            try (Server _ = Server.lapwing(scratch.path())) {
                                comparison.add(
                                        "lapwing", FIGURE, (System.nanoTime() - start) / 1e9);
                            }
                        }
                    });
        }
        return List.of(
                comparison.rowAlone(
                        "server ready after ./lapwing serve",
                        Unit.SECONDS,
                        FIGURE,
                        "lapwing",
                        new Target.ValueAtMost(2, Unit.SECONDS)));
    }
}
