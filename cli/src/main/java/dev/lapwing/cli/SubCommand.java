// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionState;
import dev.lapwing.DeliveryStream;
import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.StartAt;
import dev.lapwing.SubscriptionBuilder;
import dev.lapwing.TopicPattern;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints the messages of a topic or a pattern as they come. */
@Command(
        name = "sub",
        header = "Print messages as they come.",
        description = {
            "%nPrints every message of TOPIC from now on, until Ctrl-C. In a pattern, * stands for"
                    + " one word and > for one or more words at the end.",
            "%nA lost connection is made again by itself and goes on behind the last message:"
                    + " nothing is missed, nothing comes twice."
        },
        footer = {
            "%nExamples:",
            "  lapwing sub greetings",
            "  lapwing sub 'orders.>' --from earliest --json",
            "  lapwing sub numbers --raw --from 2026-11-20T09:00:00Z | sort -n",
            "  lapwing sub jobs --group workers --count 10 --uri embedded:data"
        })
final class SubCommand implements Callable<Integer> {

    private static final Duration FOR_EVER = Duration.ofDays(365);

    private final Streams streams;
    private final AtomicInteger stopCode = new AtomicInteger();
    private final AtomicBoolean lost = new AtomicBoolean();

    @Spec private @Nullable CommandSpec spec;
    @Mixin private BrokerOption broker = new BrokerOption();

    @Parameters(paramLabel = "TOPIC", description = "A topic, or a pattern in quotes.")
    private String topic = "";

    @Option(
            names = "--from",
            paramLabel = "START",
            defaultValue = "now",
            description =
                    "now, earliest, a position (begins behind it), or a time such as"
                            + " 2026-11-20T09:00:00Z. Default: now")
    private String from = "now";

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description =
                    "Share the messages with all members of this group, and remember what was"
                            + " printed. --from counts only when the group is new.")
    private @Nullable String group;

    @Option(
            names = "--at-most-once",
            description =
                    "Settle each message before it is printed: none comes twice, and what is not"
                            + " printed when this ends is lost. Where a broker keeps nothing for"
                            + " groups, members share messages only so.")
    private boolean atMostOnce;

    @ArgGroup(exclusive = true)
    private Form form = new Form();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "N",
            description = "End after so many messages.")
    private long count = Long.MAX_VALUE;

    @Option(
            names = {"-t", "--timeout"},
            paramLabel = "TIME",
            description =
                    "End when nothing came for so long; with exit code 1 if --count was not"
                            + " reached.")
    private Duration timeout = FOR_EVER;

    private static final class Form {
        @Option(
                names = {"-r", "--raw"},
                description = "Print bare payloads, each with a line end.")
        private boolean raw;

        @Option(
                names = {"-j", "--json"},
                description = "Print a JSON object for each message, one a line.")
        private boolean json;
    }

    SubCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        TopicPattern pattern = TopicPattern.parse(topic);
        StartAt start = start();
        var output = new Output(streams.out());
        try (Lapwing lapwing = broker.connect(ConnectOptions.defaults())) {
            lapwing.onStateChange(this::tell);
            try (DeliveryStream messages = subscription(lapwing, start).open()) {
                StopSignals.onFirst(code -> {
                    stopCode.set(code);
                    messages.close();
                });
                announce(output);
                return print(messages, format(pattern), output);
            }
        } catch (Output.ClosedException e) {
            // Who read the pipe has enough: head, for one.
            return ExitCode.OK;
        }
    }

    private SubscriptionBuilder subscription(Lapwing lapwing, StartAt start) {
        SubscriptionBuilder builder =
                lapwing.subscribe(topic)
                        .from(start)
                        .onGap(gap ->
                                streams.err()
                                        .println(
                                                "lapwing: messages of %s are missing after %s: %s"
                                                        .formatted(
                                                                gap.topic(),
                                                                gap.after()
                                                                        .map(Object::toString)
                                                                        .orElse("the beginning"),
                                                                gap.reason())));
        if (group != null) {
            builder.group(group);
        }
        return atMostOnce ? builder.guarantee(Guarantee.AT_MOST_ONCE) : builder;
    }

    private StartAt start() {
        try {
            return StartAt.parse(from);
        } catch (IllegalArgumentException e) {
            if (spec == null) {
                throw e;
            }
            throw new ParameterException(spec.commandLine(), "--from: " + e.getMessage(), e);
        }
    }

    private void announce(Output output) throws IOException {
        String line = broker.isServer() ? "WebSocket client connected" : "Subscribed to " + topic;
        if (form.raw || form.json) {
            streams.err().println(line);
        } else {
            output.line(line);
            output.flush();
        }
    }

    private MessageFormat format(TopicPattern pattern) {
        if (form.raw) {
            return MessageFormat.RAW;
        }
        if (form.json) {
            return MessageFormat.JSON;
        }
        return pattern.isPattern() ? MessageFormat.PLAIN_WITH_TOPIC : MessageFormat.PLAIN;
    }

    private int print(DeliveryStream messages, MessageFormat format, Output output)
            throws IOException {
        for (long printed = 0; printed < count; printed++) {
            if (group != null) {
                // Asking for the next message accepts the one before: it must be out by then.
                output.flush();
            }
            var delivery = messages.next(Duration.ZERO);
            if (delivery.isEmpty()) {
                output.flush();
                delivery = messages.next(timeout);
            }
            if (delivery.isEmpty()) {
                output.flush();
                return endedEarly(messages);
            }
            format.write(delivery.get(), output);
            if (printed == count - 1) {
                output.flush();
                delivery.get().accept();
            }
        }
        return ExitCode.OK;
    }

    private int endedEarly(DeliveryStream messages) {
        if (stopCode.get() != 0) {
            return stopCode.get();
        }
        var ended = messages.subscription().ended().toCompletableFuture();
        if (ended.isCompletedExceptionally()) {
            ended.join();
        }
        return count == Long.MAX_VALUE ? ExitCode.OK : ExitCode.FAILED;
    }

    private void tell(ConnectionState state) {
        if (state instanceof ConnectionState.Reconnecting reconnecting && !lost.getAndSet(true)) {
            streams.err()
                    .println(
                            "lapwing: the connection is lost (%s); trying again"
                                    .formatted(reconnecting.reason()));
        }
        if (state instanceof ConnectionState.Connected && lost.getAndSet(false)) {
            streams.err().println("lapwing: connected again");
        }
    }
}
