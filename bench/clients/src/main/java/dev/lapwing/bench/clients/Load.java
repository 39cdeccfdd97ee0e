// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A load process: one side of one broker. It reads commands from standard input and answers each
 * with one line of results, so that two of them can take turns, both warm.
 *
 * <pre>
 * declare TOPIC                              the topic and its group
 * publish TOPIC BYTES WINDOW WARM-UP SECONDS
 * publish-marked TOPIC BYTES WINDOW WARM-UP SECONDS   RabbitMQ: with an id and a time, as Lapwing's
 * fill TOPIC BYTES WINDOW MESSAGES
 * consume TOPIC GROUP MESSAGES
 * flow TOPIC BYTES WINDOW MESSAGES           publish to handler, closed loop
 * latency TOPIC BYTES PER-SECOND WARM-UP SECONDS
 * unsettled TOPIC GROUP                      what the group has not acknowledged
 * purge TOPIC                                what the topic keeps, not the topic
 * remove TOPIC
 * </pre>
 */
final class Load {
    /** What every line of results begins with. */
    static final String RESULT = "RESULT ";

    /** The group that is declared together with a topic. */
    static final String GROUP = "bench";

    /** How many deliveries may be here and not yet acknowledged, on both sides. */
    static final int PREFETCH = 1024;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private final String side;
    private final String broker;
    private final String uri;

    private Load(String side, String broker, String uri) {
        this.side = side;
        this.broker = broker;
        this.uri = uri;
    }

    /** The arguments are the side, the broker and its URI. */
    public static void main(String[] arguments) throws Exception {
        var load = new Load(arguments[0], arguments[1], arguments[2]);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            try {
                load.run(line.split(" ", -1));
            } catch (Exception e) {
                fail(e);
            }
        }
        System.exit(0);
    }

    private void run(String[] words) throws Exception {
        System.gc();
        try (Client client = open()) {
            String topic = words[1];
            switch (words[0]) {
                case "declare" -> declare(client, topic);
                case "publish" ->
                        new PublishRun(number(words[2]), number(words[3]))
                                .forTime(client, topic, decimal(words[4]), decimal(words[5]));
                case "publish-marked" ->
                        new PublishRun(number(words[2]), number(words[3]))
                                .markedForTime(
                                        (RawRabbit) client,
                                        topic,
                                        decimal(words[4]),
                                        decimal(words[5]));
                case "fill" ->
                        new PublishRun(number(words[2]), number(words[3]))
                                .count(client, topic, number(words[4]));
                case "consume" -> new ConsumeRun(number(words[3])).run(client, topic, words[2]);
                case "flow" ->
                        new FlowRun(number(words[2]), number(words[3]))
                                .run(client, topic, number(words[4]));
                case "latency" ->
                        new LatencyRun(number(words[2]), number(words[3]))
                                .run(client, topic, decimal(words[4]), decimal(words[5]));
                case "unsettled" ->
                        result("messages", ((RawClient) client).unsettled(topic, words[2]));
                case "purge" -> {
                    ((RawClient) client).purge(topic);
                    result("purged", 1);
                }
                case "remove" -> {
                    ((RawClient) client).remove(topic);
                    result("removed", 1);
                }
                default -> throw new IllegalArgumentException(Arrays.toString(words));
            }
        }
    }

    private Client open() throws Exception {
        return switch (side) {
            case "lapwing" -> new LapwingClient(uri);
            case "raw" ->
                    switch (broker) {
                        case "rabbitmq" -> new RawRabbit(uri);
                        case "kafka" -> new RawKafka(uri);
                        case "redis" -> new RawRedis(uri);
                        case "pubsub" -> new RawPubSub(uri);
                        case "nats" -> new RawNats(uri);
                        case "core-nats" -> new RawCoreNats(uri);
                        case "zeromq" -> new RawZeromq(uri);
                        default -> throw new IllegalArgumentException(broker);
                    };
            default -> throw new IllegalArgumentException(side);
        };
    }

    private static void declare(Client client, String topic) throws Exception {
        client.subscriber(topic, GROUP, PREFETCH, _ -> {}).close();
        result("declared", 1);
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    private static double decimal(String word) {
        return Double.parseDouble(word);
    }

    static String withoutQuery(String uri) {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Prints a line of results: names and values in turn. */
    static void result(Object... namesAndValues) {
        var line = new StringBuilder(RESULT);
        for (int at = 0; at < namesAndValues.length; at += 2) {
            line.append(at > 0 ? " " : "").append(namesAndValues[at]);
            line.append('=').append(namesAndValues[at + 1]);
        }
        System.out.println(line);
    }

    /** Waits without a signal from the other thread, which would cost it time. */
    static void await(BooleanSupplier condition, String what) throws IOException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new IOException("waited a minute in vain for " + what);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    /** Ends the process: nothing that it measures after a failure means anything. */
    static void fail(Throwable failure) {
        Objects.requireNonNull(failure).printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
