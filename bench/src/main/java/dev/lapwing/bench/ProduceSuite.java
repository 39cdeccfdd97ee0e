// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.List;

/** Publishing over HTTP, beside a hello-world endpoint of the same framework. */
final class ProduceSuite implements Suite {
    private static final String RATE = "requests_per_second";

    private final Comparison comparison = new Comparison();

    @Override
    public String name() {
        return "produce";
    }

    @Override
    public List<Row> run(Run run) throws IOException, InterruptedException {
        int loops = Runtime.getRuntime().availableProcessors();
        try (Scratch scratch = Scratch.under(run.data());
                Server lapwing = Server.lapwing(scratch.path());
                Server hello = Server.bare(loops)) {
            List<String> produce =
                    run.timed(
                            "--port",
                            lapwing.portText(),
                            "--method",
                            "POST",
                            "--path",
                            "/produce/bench",
                            "--body-bytes",
                            "100");
            List<String> greet = run.timed("--port", hello.portText());
            load(produce);
            load(greet);
            for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
                run.step(name(), "64 connections", repetition);
                comparison.add("lapwing", RATE, load(produce));
                comparison.add("hello", RATE, load(greet));
            }
        }
        return List.of(
                comparison.row(
                        "POST /produce, 100 B, 64 connections ÷ Netty hello world",
                        Unit.PER_SECOND,
                        RATE,
                        "lapwing",
                        "hello",
                        new Target.RatioAtLeast(0.5)));
    }

    private static double load(List<String> arguments) throws IOException, InterruptedException {
        return Child.measure(HttpLoad.class, Server.HEAP, arguments).getFirst().value(RATE);
    }
}
