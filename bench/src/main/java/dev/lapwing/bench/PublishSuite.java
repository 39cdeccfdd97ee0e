// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Durable publishing through the public API, beside the bare log and beside Redis Streams. */
final class PublishSuite implements Suite {
    private static final String HEAP = "1g";
    private static final String LAPWING = "lapwing";
    private static final String BARE = "bare";
    private static final String REDIS = "redis";
    private static final String SYNC_64 = "64 publishers";
    private static final String SYNC_512 = "512 publishers";
    private static final String ASYNC = "pipelined";
    private static final String TOPICS = "512 publishers, 1,000 topics";

    private final Comparison comparison = new Comparison();

    @Override
    public String name() {
        return "publish";
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        for (int repetition = 1; repetition <= run.settings().repetitions(); repetition++) {
            for (String side : List.of(LAPWING, BARE)) {
                run.step(name(), side, repetition);
                measure(run, side, SYNC_64, "--publishers", "64");
                measure(run, side, SYNC_512, "--publishers", "512");
                measure(run, side, ASYNC, "--publishers", "0", "--bytes", "100");
            }
            run.step(name(), "1,000 topics", repetition);
            measure(run, LAPWING, TOPICS, "--publishers", "512", "--topics", "1000");
            run.step(name(), REDIS, repetition);
            comparison.attempt(REDIS, () -> redis(run));
        }
        return rows();
    }

    private void measure(Run run, String side, String figure, String... arguments)
            throws InterruptedException {
        comparison.attempt(
                side,
                () -> {
                    try (Scratch scratch = Scratch.under(run.data())) {
                        var all = new ArrayList<>(run.timed(arguments));
                        all.addAll(List.of("--target", side, "--data", scratch.path().toString()));
                        comparison.add(side, figure, rate(all));
                    }
                });
    }

    private void redis(Run run) throws IOException, InterruptedException {
        try (Scratch scratch = Scratch.under(run.data());
                Server server = Server.redis(scratch.path())) {
            var all =
                    new ArrayList<>(
                            run.timed(
                                    "--publishers", "0", "--bytes", "100", "--in-flight", "4096"));
            all.addAll(
                    List.of(
                            "--target",
                            REDIS,
                            "--port",
                            server.portText(),
                            "--data",
                            scratch.path().toString()));
            comparison.add(REDIS, ASYNC, rate(all));
        }
    }

    private static double rate(List<String> arguments) throws IOException, InterruptedException {
        return Child.measure(PublishLoad.class, HEAP, arguments)
                .getFirst()
                .value("messages_per_second");
    }

    private List<Row> rows() {
        return List.of(
                row("durable publish, 1 KiB, 64 publishers ÷ bare log", SYNC_64, BARE, 0.6),
                row("durable publish, 1 KiB, 512 publishers ÷ bare log", SYNC_512, BARE, 0.5),
                row("durable publish, 100 B, pipelined ÷ bare log", ASYNC, BARE, 0.5),
                comparison.rowWithin(
                        "1,000 topics ÷ 1 topic, 1 KiB, 512 publishers",
                        Unit.PER_SECOND,
                        LAPWING,
                        TOPICS,
                        SYNC_512,
                        new Target.RatioAtLeast(0.7)),
                row("durable publish, 100 B, pipelined ÷ Redis Streams", ASYNC, REDIS, 5));
    }

    private Row row(String title, String figure, String baseline, double target) {
        return comparison.row(
                title, Unit.PER_SECOND, figure, LAPWING, baseline, new Target.RatioAtLeast(target));
    }
}
