// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** WebSocket fan-out, published over HTTP, beside a bare Netty loop and beside nchan. */
final class FanoutSuite implements Suite {
    private static final String LAPWING = "lapwing";
    private static final String BARE = "bare";
    private static final String NCHAN = "nchan";
    private static final String RATE = "deliveries_per_second";
    private static final String P99 = "p99_micros";
    private static final int MANY = 9_000;

    private final Comparison comparison = new Comparison();
    private final Map<String, Server> servers = new LinkedHashMap<>();

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public List<Row> run(Run run) throws IOException, InterruptedException {
        try (Scratch ours = Scratch.under(run.data());
                Scratch nginx = Scratch.under(run.data())) {
            start(LAPWING, () -> Server.lapwing(ours.path()));
            start(BARE, () -> Server.bare(1));
            start(NCHAN, () -> Server.nchan(nginx.path()));
            for (String side : servers.keySet()) {
                run.progress().step(name() + ": warming up " + side);
                load(run, side, 1_000, "16", false);
            }
            for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
                for (String side : servers.keySet()) {
                    run.step(name(), side, repetition);
                    load(run, side, 1_000, "1,16,64", true);
                    if (!side.equals(BARE)) {
                        load(run, side, MANY, "16", true);
                    }
                }
            }
        } finally {
            servers.values().forEach(Server::close);
        }
        return rows();
    }

    private interface Launch {
        Server server() throws IOException, InterruptedException;
    }

    private void start(String side, Launch launch) throws InterruptedException {
        comparison.attempt(side, () -> servers.put(side, launch.server()));
    }

    private void load(Run run, String side, int subscribers, String windows, boolean counts)
            throws InterruptedException {
        Server server = java.util.Objects.requireNonNull(servers.get(side));
        comparison.attempt(
                side,
                () -> {
                    List<Result> results =
                            Child.measure(
                                    FanoutLoad.class,
                                    Server.HEAP,
                                    run.timed(
                                            "--port",
                                            server.portText(),
                                            "--subscribers",
                                            "" + subscribers,
                                            "--window",
                                            windows));
                    if (counts) {
                        results.forEach(result -> add(side, subscribers, result));
                    }
                });
    }

    private void add(String side, int subscribers, Result result) {
        int window = (int) result.value("window");
        for (String figure : List.of(RATE, P99)) {
            double value = result.value(figure) / (figure.equals(P99) ? 1e3 : 1);
            comparison.add(side, key(figure, subscribers, window), value);
        }
    }

    private static String key(String figure, int subscribers, int window) {
        return figure + " " + subscribers + " " + window;
    }

    private List<Row> rows() {
        return List.of(
                deliveries(1_000, 16, BARE, 0.6),
                deliveries(1_000, 64, BARE, 0.6),
                deliveries(1_000, 16, NCHAN, 2),
                deliveries(1_000, 64, NCHAN, 4),
                deliveries(MANY, 16, NCHAN, 5),
                deliveries(1_000, 1, NCHAN, 0.9),
                comparison.row(
                        "p99 from produce to the last of 1,000, window 1 ÷ nchan",
                        Unit.MILLISECONDS,
                        key(P99, 1_000, 1),
                        LAPWING,
                        NCHAN,
                        new Target.RatioAtMost(1.2)));
    }

    private Row deliveries(int subscribers, int window, String baseline, double target) {
        return comparison.row(
                "fan-out to %,d, 100 B, window %d ÷ %s"
                        .formatted(
                                subscribers,
                                window,
                                baseline.equals(BARE) ? "bare Netty loop" : baseline),
                Unit.PER_SECOND,
                key(RATE, subscribers, window),
                LAPWING,
                baseline,
                new Target.RatioAtLeast(target));
    }
}
