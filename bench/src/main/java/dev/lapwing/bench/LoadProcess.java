// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * One side of a broker, a process that measures on command and stays warm in between. After a
 * failure the next command starts it anew.
 */
final class LoadProcess implements AutoCloseable {
    private static final String HEAP = "1g";
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SPRING = "bench/spring/target/quick/";

    /** How the process is started. */
    private interface Start {
        Child start() throws IOException;
    }

    private final Start start;
    private @Nullable Child child;

    private LoadProcess(Start start) {
        this.start = start;
    }

    /** The broker's own client, or Lapwing. */
    static LoadProcess of(String side, Broker broker, String uri) {
        return new LoadProcess(() ->
                Child.java(
                        "dev.lapwing.bench.clients.Load",
                        HEAP,
                        System.getProperty("java.class.path"),
                        List.of(side, broker.word(), uri)));
    }

    /** StreamBridge, with the class path of its own module. */
    static LoadProcess spring(Broker broker, String uri) {
        return new LoadProcess(() ->
                Child.java(
                        "dev.lapwing.bench.spring.StreamBridgeLoad",
                        HEAP,
                        SPRING + "classes:" + SPRING + "lib/*",
                        List.of(broker.word(), uri)));
    }

    Result ask(Object... words) throws IOException, InterruptedException {
        Child running = child;
        if (running == null) {
            running = start.start();
            child = running;
        }
        try {
            return running.ask(
                    String.join(" ", List.of(words).stream().map(Object::toString).toList()),
                    PATIENCE);
        } catch (BenchmarkFailure e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        if (child != null) {
            child.close();
            child = null;
        }
    }
}
