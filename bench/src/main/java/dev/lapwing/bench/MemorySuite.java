// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Resident memory of an idle WebSocket subscriber. */
final class MemorySuite implements Suite {
    private static final int SUBSCRIBERS = 9_000;
    private static final String HEAP = "64m";
    private static final String FIGURE = "KiB per subscriber";

    private final Comparison comparison = new Comparison();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        int repetitions = Math.min(3, run.settings().repetitions());
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            run.step(name(), "9,000 idle subscribers", repetition);
            measure(run, "lapwing", directory -> Server.lapwing(directory, HEAP));
            measure(run, "nchan", Server::nchan);
        }
        return List.of(
                comparison.row(
                        "memory per idle subscriber, 9,000 of them, heap " + HEAP + " ÷ nchan",
                        Unit.KIBIBYTES,
                        FIGURE,
                        "lapwing",
                        "nchan",
                        new Target.ValueAtMost(8, Unit.KIBIBYTES)));
    }

    private void measure(Run run, String side, Server.Launcher launcher)
            throws InterruptedException {
        comparison.attempt(
                side,
                () -> {
                    try (Scratch scratch = Scratch.under(run.data());
                            Server server = launcher.launch(scratch.path())) {
                        comparison.add(
                                side, FIGURE, bytesPerSubscriber(server, SUBSCRIBERS) / 1024);
                    }
                });
    }

    /** How much the server grows, per subscription, while so many are open and idle. */
    static double bytesPerSubscriber(Server server, int subscribers)
            throws IOException, InterruptedException {
        long before = server.child().residentBytes();
        var arguments =
                List.of(
                        "--idle",
                        "--port",
                        server.portText(),
                        "--subscribers",
                        Integer.toString(subscribers));
        try (Child client = Child.java(FanoutLoad.class, Server.HEAP, arguments)) {
            client.awaitLine(FanoutLoad.OPEN, Duration.ofSeconds(90));
            return (double) (server.child().residentBytes() - before) / subscribers;
        }
    }
}
