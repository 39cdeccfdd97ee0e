// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Netty beside Vert.x: HTTP, fan-out, memory and start of the same three endpoints. It is the
 * measurement behind the choice of the server's framework and no part of the table of figures.
 */
final class FrameworkSuite implements Suite {
    private static final int IDLE_SUBSCRIBERS = 5_000;

    private final Comparison comparison = new Comparison();
    private final Map<String, Unit> figures = new LinkedHashMap<>();

    @Override
    public String name() {
        return "framework";
    }

    @Override
    public boolean hasTargets() {
        return false;
    }

    @Override
    public List<String> header() {
        return List.of("figure", "Netty", "Vert.x", "ratio", "", "");
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
            run.step(name(), "Netty", repetition);
            measure(run, "netty", _ -> Server.bare(1));
            run.step(name(), "Vert.x", repetition);
            measure(run, "vertx", _ -> Server.vertx());
        }
        var rows = new ArrayList<Row>();
        figures.forEach((figure, unit) ->
                rows.add(
                        comparison.row(figure, unit, figure, "netty", "vertx", new Target.None())));
        return rows;
    }

    private void measure(Run run, String side, Server.Launcher launcher)
            throws InterruptedException {
        comparison.attempt(
                side,
                () -> {
                    long start = System.nanoTime();
                    try (Server server = launcher.launch(run.data())) {
                        double millis = (System.nanoTime() - start) / 1e6;
                        add(side, "start", Unit.MILLISECONDS, millis);
                        double bytes = MemorySuite.bytesPerSubscriber(server, IDLE_SUBSCRIBERS);
                        add(
                                side,
                                "memory per idle WebSocket of 5,000",
                                Unit.KIBIBYTES,
                                bytes / 1024);
                        warmUp(server);
                        http(run, side, server);
                        for (String window : List.of("1", "16", "64")) {
                            fanout(run, side, server, window);
                        }
                    }
                });
    }

    /** Lets the server's code be compiled before any load counts. */
    private static void warmUp(Server server) throws IOException, InterruptedException {
        Child.measure(
                HttpLoad.class,
                Server.HEAP,
                List.of("--port", server.portText(), "--seconds", "4"));
        Child.measure(
                FanoutLoad.class,
                Server.HEAP,
                List.of("--port", server.portText(), "--window", "1,16"));
    }

    private void http(Run run, String side, Server server)
            throws IOException, InterruptedException {
        double before = server.child().processorSeconds();
        double rate =
                Child.measure(HttpLoad.class, Server.HEAP, run.timed("--port", server.portText()))
                        .getFirst()
                        .value("requests_per_second");
        double load = processorLoad(run, server, before);
        add(side, "HTTP requests, 64 connections", Unit.PER_SECOND, rate);
        add(side, "processor time per request", Unit.MICROSECONDS, load / rate * 1e6);
    }

    private void fanout(Run run, String side, Server server, String window)
            throws IOException, InterruptedException {
        double before = server.child().processorSeconds();
        Result result =
                Child.measure(
                                FanoutLoad.class,
                                Server.HEAP,
                                run.timed("--port", server.portText(), "--window", window))
                        .getFirst();
        double rate = result.value("deliveries_per_second");
        double load = processorLoad(run, server, before);
        String suffix = ", window " + window;
        add(side, "deliveries to 1,000" + suffix, Unit.PER_SECOND, rate);
        add(side, "processor time per delivery" + suffix, Unit.MICROSECONDS, load / rate * 1e6);
        add(
                side,
                "p99 to the last of 1,000" + suffix,
                Unit.MILLISECONDS,
                result.value("p99_micros") / 1e3);
    }

    /** How many processors the server kept busy while it was loaded. */
    private static double processorLoad(Run run, Server server, double before) {
        return (server.child().processorSeconds() - before)
                / (run.settings().warmUpSeconds() + run.settings().seconds());
    }

    private void add(String side, String figure, Unit unit, double value) {
        figures.putIfAbsent(figure, unit);
        comparison.add(side, figure, value);
    }
}
