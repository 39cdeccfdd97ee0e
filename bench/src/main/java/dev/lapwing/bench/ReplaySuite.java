// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.List;

/** Replay through the public API, beside a bare loop over the same files. */
final class ReplaySuite implements Suite {
    private static final String HEAP = "1g";
    private static final String RATE = "messages_per_second";

    private final Comparison comparison = new Comparison();

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public List<Row> run(Run run) throws IOException, InterruptedException {
        String messages = Integer.toString(run.settings().replayMessages());
        try (Scratch scratch = Scratch.under(run.data())) {
            List<String> where =
                    List.of("--data", scratch.path().toString(), "--messages", messages);
            run.progress().step("replay: publishing " + messages + " messages");
            comparison.attempt("lapwing", () -> publish(where));
            for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
                run.step(name(), "through the API", repetition);
                comparison.attempt(
                        "lapwing",
                        () -> comparison.add("lapwing", RATE, rate(ReplayLoad.class, where)));
                run.step(name(), "bare loop", repetition);
                comparison.attempt(
                        "bare", () -> comparison.add("bare", RATE, rate(BareReplay.class, where)));
            }
        }
        return List.of(
                comparison.row(
                        "replay of %sM × 100 B ÷ bare loop"
                                .formatted(run.settings().replayMessages() / 1_000_000),
                        Unit.PER_SECOND,
                        RATE,
                        "lapwing",
                        "bare",
                        new Target.RatioAtLeast(0.5)));
    }

    private static void publish(List<String> where) throws IOException, InterruptedException {
        var arguments = new java.util.ArrayList<>(where);
        arguments.addAll(List.of("--target", "lapwing", "--publishers", "0", "--bytes", "100"));
        Child.measure(PublishLoad.class, HEAP, arguments);
    }

    private static double rate(Class<?> main, List<String> where)
            throws IOException, InterruptedException {
        return Child.measure(main, HEAP, where).getFirst().value(RATE);
    }
}
