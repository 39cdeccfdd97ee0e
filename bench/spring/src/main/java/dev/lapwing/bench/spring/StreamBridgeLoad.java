// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.spring;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.stream.function.StreamBridge;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.MimeTypeUtils;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The load of the publish rows through StreamBridge, a process of its own: it reads the commands
 * {@code publish TOPIC BYTES WINDOW WARM-UP SECONDS} from standard input and answers each with one
 * line of results. One thread publishes; a message is under way until the broker has confirmed it.
 */
final class StreamBridgeLoad {
    private static final String BINDING = "out";

    private final Binder binder;
    private final String uri;

    private StreamBridgeLoad(Binder binder, String uri) {
        this.binder = binder;
        this.uri = uri;
    }

    /** What Spring configures by itself is all that it is made of. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** The arguments are the binder and the URI of its broker. */
    public static void main(String[] arguments) throws Exception {
        var load =
                new StreamBridgeLoad(
                        arguments[0].equals("kafka") ? new KafkaBinder() : new RabbitBinder(),
                        arguments[1]);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            String[] words = line.split(" ", -1);
            load.publish(
                    words[1],
                    new byte[Integer.parseInt(words[2])],
                    new InFlight(Integer.parseInt(words[3])),
                    Double.parseDouble(words[4]),
                    Double.parseDouble(words[5]));
        }
        System.exit(0);
    }

    private void publish(
            String topic, byte[] payload, InFlight inFlight, double warmUp, double seconds) {
        var application =
                new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .bannerMode(org.springframework.boot.Banner.Mode.OFF)
                        .properties("logging.level.root=WARN")
                        .properties(
                                "spring.cloud.stream.output-bindings=" + BINDING,
                                "spring.cloud.stream.bindings.out.content-type="
                                        + MimeTypeUtils.APPLICATION_OCTET_STREAM_VALUE)
                        .properties(binder.properties(uri, topic))
                        .initializers(context -> binder.prepare(context, inFlight));
        try (ConfigurableApplicationContext context = application.run()) {
            StreamBridge bridge = context.getBean(StreamBridge.class);
            Runnable send = () -> bridge.send(BINDING, binder.message(payload, inFlight));
            sendFor(warmUp, send, inFlight);
            long before = inFlight.left();
            long start = System.nanoTime();
            sendFor(seconds, send, inFlight);
            double rate = (inFlight.left() - before) / ((System.nanoTime() - start) / 1e9);
            inFlight.awaitEmpty();
            System.out.println("RESULT per_second=" + rate);
        }
    }

    private static void sendFor(double seconds, Runnable send, InFlight inFlight) {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() - end < 0) {
            while (!inFlight.tryEnter()) {
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
            }
            send.run();
        }
    }

    /** Ends the process: nothing that it measures after a failure means anything. */
    static void fail(Throwable failure) {
        failure.printStackTrace();
        Runtime.getRuntime().halt(1);
    }
}
