// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lapwing beside the own clients of one or two brokers: publish, consume, and added latency. */
record BrokerSuite(String name, List<Broker> brokers) implements Suite {
    private static final int PER_SECOND = 1_000;
    private static final List<Integer> SIZES = List.of(100, 1024);
    private static final Target NEARLY_FREE = new Target.RatioAtLeast(0.95);

    /** One of the suites for each of the brokers, in the order of the table. */
    static List<BrokerSuite> all() {
        return List.of(
                new BrokerSuite("rabbitmq", List.of(Broker.RABBITMQ)),
                new BrokerSuite("kafka", List.of(Broker.KAFKA)),
                new BrokerSuite("redis", List.of(Broker.REDIS, Broker.PUBSUB)),
                new BrokerSuite("nats", List.of(Broker.NATS, Broker.CORE_NATS)),
                new BrokerSuite("zeromq", List.of(Broker.ZEROMQ)));
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        var rows = new ArrayList<Row>();
        for (Broker broker : brokers) {
            rows.addAll(measure(run, broker));
        }
        return rows;
    }

    private static List<Row> measure(Run run, Broker broker) throws InterruptedException {
        run.progress().step(broker.word() + ": starting the server");
        try (Broker.Running server = broker.start();
                LoadProcess lapwing = LoadProcess.of("lapwing", broker, server.uri());
                LoadProcess raw = LoadProcess.of("raw", broker, server.uri())) {
            var figures = new BrokerFigures(run, broker, lapwing, raw);
            var rows = new ArrayList<Row>();
            for (int bytes : SIZES) {
                if (broker != Broker.ZEROMQ) {
                    rows.add(publish(figures, bytes));
                }
                if (broker.marks() && bytes == SIZES.getFirst()) {
                    rows.add(figures.publishMarked("publish", bytes));
                }
                rows.add(consume(figures, bytes));
                rows.add(latency(figures, bytes));
            }
            return rows;
        } catch (BenchmarkFailure | IOException e) {
            String reason = String.valueOf(e.getMessage());
            run.progress().step(broker.word() + ": " + reason);
            return List.of(
                    new Row.NotMeasured(
                            broker.title(),
                            Unit.PER_SECOND,
                            Samples.NONE,
                            Samples.NONE,
                            NEARLY_FREE,
                            reason));
        }
    }

    private static Row publish(BrokerFigures figures, int bytes) throws InterruptedException {
        return figures.publish("publish", bytes, NEARLY_FREE);
    }

    private static Row consume(BrokerFigures figures, int bytes) throws InterruptedException {
        return switch (figures.broker().kept()) {
            case FOR_ALL -> figures.consumeKept(bytes, NEARLY_FREE);
            case UNTIL_ACKED -> figures.consumeQueued(bytes, NEARLY_FREE);
            case NOT -> figures.flow(bytes, NEARLY_FREE);
        };
    }

    private static Row latency(BrokerFigures figures, int bytes) throws InterruptedException {
        return figures.latency(bytes, PER_SECOND, new Target.RatioAtMost(1.05));
    }
}
