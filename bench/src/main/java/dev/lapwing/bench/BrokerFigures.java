// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The figures of one broker, each with Lapwing and a baseline taking turns on the same server. A
 * figure that fails is a row with the reason; the next one goes on.
 */
record BrokerFigures(Run run, Broker broker, LoadProcess lapwing, LoadProcess raw, Set<Work> warm) {
    private static final String OURS = "Lapwing";
    private static final String RATE = "per_second";
    private static final int WARM_UP_RUNS = 3;
    private static final AtomicInteger TOPICS = new AtomicInteger();

    /** Figures of two processes that have just begun. */
    BrokerFigures(Run run, Broker broker, LoadProcess lapwing, LoadProcess raw) {
        this(run, broker, lapwing, raw, new HashSet<>());
    }

    /** What a process has done before. */
    record Work(String command, LoadProcess side) {}

    /** One measurement of one side. */
    private interface Measurement {
        Result take(LoadProcess side, int repetition) throws IOException, InterruptedException;
    }

    /** What a figure needs before the first measurement. */
    private interface Preparation {
        void take() throws IOException, InterruptedException;
    }

    /** A figure: how its row is made, and how a value of it comes about. */
    private record Figure(String title, Unit unit, String value, Target target) {}

    /** Publishing with a full window; every message counts when it is confirmed. */
    Row publish(String what, int bytes, Target target) throws InterruptedException {
        return publish(what, bytes, target, broker.client(), raw);
    }

    /** The same beside another baseline. */
    Row publish(String what, int bytes, Target target, String baseline, LoadProcess other)
            throws InterruptedException {
        return publish(what, bytes, target, baseline, other, "publish");
    }

    /** The same beside the broker's own client with messages that carry the same as Lapwing's. */
    Row publishMarked(String what, int bytes) throws InterruptedException {
        String baseline = broker.client() + " with id and time";
        return publish(what, bytes, new Target.None(), baseline, raw, "publish-marked");
    }

    private Row publish(
            String what, int bytes, Target target, String baseline, LoadProcess other, String word)
            throws InterruptedException {
        String topic = topic();
        return compare(
                new Figure(title(what, bytes, baseline), Unit.PER_SECOND, RATE, target),
                other,
                baseline,
                () -> declare(topic),
                (side, repetition) -> {
                    BrokerPace pace = run.settings().brokers();
                    String command = side == lapwing ? "publish" : word;
                    Result result =
                            side.ask(
                                    command,
                                    topic,
                                    bytes,
                                    broker.inFlight(),
                                    warmUp(command, side, repetition),
                                    pace.seconds());
                    purge(topic);
                    return result;
                },
                topic);
    }

    /** Consuming what one topic keeps, every time as a new group. */
    Row consumeKept(int bytes, Target target) throws InterruptedException {
        String topic = topic();
        return compare(
                figure("consume and ack", bytes, target),
                raw,
                broker.client(),
                () -> {
                    declare(topic);
                    fill(topic, bytes);
                },
                (side, repetition) -> {
                    for (int more = 1; repetition == 0 && more < WARM_UP_RUNS; more++) {
                        consume(side, topic, newGroup());
                    }
                    return consume(side, topic, newGroup());
                },
                topic);
    }

    /** Consuming a queue that is filled before each time. */
    Row consumeQueued(int bytes, Target target) throws InterruptedException {
        String topic = topic();
        return compare(
                figure("consume and ack", bytes, target),
                raw,
                broker.client(),
                () -> declare(topic),
                (side, repetition) -> {
                    fill(topic, bytes);
                    return consume(side, topic, "bench");
                },
                topic);
    }

    private Result consume(LoadProcess side, String topic, String group)
            throws IOException, InterruptedException {
        Result result = side.ask("consume", topic, group, messages());
        double left = raw.ask("unsettled", topic, group).value("messages");
        if (left > 0) {
            throw new BenchmarkFailure(
                    "%.0f messages of %s were not acknowledged".formatted(left, topic));
        }
        return result;
    }

    /** From publish to handler with a full window, where nothing is kept. */
    Row flow(int bytes, Target target) throws InterruptedException {
        String topic = topic();
        return compare(
                figure("publish to handler", bytes, target),
                raw,
                broker.client(),
                () -> {},
                (side, repetition) -> {
                    for (int more = 1; repetition == 0 && more < WARM_UP_RUNS; more++) {
                        side.ask("flow", topic, bytes, broker.inFlight(), messages());
                    }
                    return side.ask("flow", topic, bytes, broker.inFlight(), messages());
                },
                topic);
    }

    /** From publish to handler at a fixed rate. */
    Row latency(int bytes, int perSecond, Target target) throws InterruptedException {
        String topic = topic();
        return compare(
                new Figure(
                        title("median latency at 1k/s", bytes, broker.client()),
                        Unit.MICROSECONDS,
                        "p50_micros",
                        target),
                raw,
                broker.client(),
                () -> declare(topic),
                (side, repetition) -> {
                    BrokerPace pace = run.settings().brokers();
                    Result result =
                            side.ask(
                                    "latency",
                                    topic,
                                    bytes,
                                    perSecond,
                                    warmUp("latency", side, repetition),
                                    pace.seconds());
                    purge(topic);
                    return result;
                },
                topic);
    }

    /** What a process does for the first time it has to do for a while until it is compiled. */
    private double warmUp(String command, LoadProcess side, int repetition) {
        BrokerPace pace = run.settings().brokers();
        if (repetition > 0) {
            return pace.warmUp();
        }
        return warm.add(new Work(command, side)) ? pace.firstWarmUp() : pace.firstWarmUp() / 4;
    }

    private Row compare(
            Figure figure,
            LoadProcess other,
            String baseline,
            Preparation preparation,
            Measurement measurement,
            String topic)
            throws InterruptedException {
        var comparison = new Comparison();
        try {
            preparation.take();
        } catch (BenchmarkFailure | IOException e) {
            return missing(figure, String.valueOf(e.getMessage()));
        }
        BrokerPace pace = run.settings().brokers();
        for (int repetition = 0; repetition <= pace.repetitions(); repetition++) {
            run.progress().step(step(figure, repetition, pace));
            for (String side : new String[] {baseline, OURS}) {
                int number = repetition;
                comparison.attempt(
                        side,
                        () -> {
                            Result result =
                                    measurement.take(side.equals(OURS) ? lapwing : other, number);
                            if (number > 0) {
                                comparison.add(side, figure.title(), result.value(figure.value()));
                            }
                        });
            }
        }
        new Comparison().attempt(baseline, () -> raw.ask("remove", topic));
        Row row =
                comparison.row(
                        figure.title(),
                        figure.unit(),
                        figure.title(),
                        OURS,
                        baseline,
                        figure.target());
        return told(row);
    }

    private Row missing(Figure figure, String reason) {
        return told(
                new Row.NotMeasured(
                        figure.title(),
                        figure.unit(),
                        Samples.NONE,
                        Samples.NONE,
                        figure.target(),
                        reason));
    }

    private Row told(Row row) {
        String reason = row instanceof Row.NotMeasured missing ? ": " + missing.reason() : "";
        run.progress().line("  " + String.join("  ", row.cells()) + reason);
        return row;
    }

    private static String step(Figure figure, int repetition, BrokerPace pace) {
        return repetition == 0
                ? figure.title() + ", warm-up"
                : "%s, repetition %d of %d"
                        .formatted(figure.title(), repetition, pace.repetitions());
    }

    private Figure figure(String what, int bytes, Target target) {
        return new Figure(title(what, bytes, broker.client()), Unit.PER_SECOND, RATE, target);
    }

    private String title(String what, int bytes, String baseline) {
        return "%s %s, %s ÷ %s"
                .formatted(broker.title(), what, bytes == 1024 ? "1 KiB" : bytes + " B", baseline);
    }

    private static String newGroup() {
        return "group" + TOPICS.incrementAndGet();
    }

    private static String topic() {
        return "bench" + TOPICS.incrementAndGet();
    }

    private int messages() {
        return (int) (broker.messages() * run.settings().brokers().share());
    }

    private void declare(String topic) throws IOException, InterruptedException {
        lapwing.ask("declare", topic);
    }

    private void fill(String topic, int bytes) throws IOException, InterruptedException {
        lapwing.ask("fill", topic, bytes, broker.inFlight(), messages());
    }

    private void purge(String topic) throws IOException, InterruptedException {
        raw.ask("purge", topic);
    }
}
