// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Publishing through Lapwing beside Spring Cloud Stream's StreamBridge, both confirmed. */
final class SpringSuite implements Suite {
    private static final String STREAM_BRIDGE = "StreamBridge";
    private static final Target TARGET = new Target.RatioAtLeast(5);

    @Override
    public String name() {
        return "spring";
    }

    @Override
    public List<Row> run(Run run) throws InterruptedException {
        var rows = new ArrayList<Row>();
        for (Broker broker : List.of(Broker.RABBITMQ, Broker.KAFKA)) {
            rows.addAll(measure(run, broker));
        }
        return rows;
    }

    private static List<Row> measure(Run run, Broker broker) throws InterruptedException {
        run.progress().step("spring: starting " + broker.title());
        try (Broker.Running server = broker.start();
                LoadProcess lapwing = LoadProcess.of("lapwing", broker, server.uri());
                LoadProcess raw = LoadProcess.of("raw", broker, server.uri());
                LoadProcess spring = LoadProcess.spring(broker, server.uri())) {
            var figures = new BrokerFigures(run, broker, lapwing, raw);
            return List.of(
                    figures.publish("publish", 100, TARGET, STREAM_BRIDGE, spring),
                    figures.publish("publish", 1024, TARGET, STREAM_BRIDGE, spring));
        } catch (BenchmarkFailure | IOException e) {
            return List.of(
                    new Row.NotMeasured(
                            broker.title() + " publish ÷ " + STREAM_BRIDGE,
                            Unit.PER_SECOND,
                            Samples.NONE,
                            Samples.NONE,
                            TARGET,
                            String.valueOf(e.getMessage())));
        }
    }
}
