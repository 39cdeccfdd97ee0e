// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.awaitility.Awaitility.await;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.log.LogSettings;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An engine over a storage and clocks of the test's choice, with the words that tests need. */
final class TestEngine implements AutoCloseable {
    static final Duration LEASE = Duration.ofSeconds(30);

    final KillableStorage storage;
    final TestClock clock;
    final String uri;
    final Engine engine;
    final EmbeddedAdministration administration;
    private final EmbeddedSender sender;

    private TestEngine(KillableStorage storage, TestClock clock, String uri, boolean repeatable) {
        this.storage = storage;
        this.clock = clock;
        this.uri = uri;
        EmbeddedOptions options = EmbeddedOptions.of(TransportUri.parse(uri), 1 << 16);
        UnaryOperator<LogSettings> random =
                settings -> repeatable ? settings.withRandom(new Random(1)) : settings;
        engine =
                new Engine(
                        storage,
                        options,
                        random.apply(
                                LogSettings.defaults()
                                        .withSegmentBytes(options.segmentBytes())
                                        .withClock(clock)));
        sender = new EmbeddedSender(engine);
        administration = new EmbeddedAdministration(engine);
    }

    static TestEngine inMemory() {
        return inMemory("");
    }

    /** In memory, with options as in a URI: {@code retention-count=10&…}. */
    static TestEngine inMemory(String options) {
        return open(new KillableStorage(), new TestClock(), options);
    }

    static TestEngine open(KillableStorage storage, TestClock clock, String options) {
        return new TestEngine(storage, clock, "memory:?" + options, false);
    }

    /** With ids that are the same in each run. */
    static TestEngine repeatable() {
        return new TestEngine(new KillableStorage(), new TestClock(), "memory:", true);
    }

    /** Closes in order, and opens again. */
    TestEngine reopen() {
        close();
        return new TestEngine(storage, clock, uri, false);
    }

    /** Ends as a killed process does, and opens again. */
    TestEngine crash() {
        KillableStorage left = storage.afterwards();
        close();
        return new TestEngine(left, clock, uri, false);
    }

    CompletableFuture<PublishResult> send(Message message) {
        var result = new CompletableFuture<PublishResult>().orTimeout(20, TimeUnit.SECONDS);
        sender.send(List.of(request(message, result)));
        return result;
    }

    List<CompletableFuture<PublishResult>> sendAll(List<Message> messages) {
        var results = messages.stream().map(it -> new CompletableFuture<PublishResult>()).toList();
        sender.send(
                java.util.stream.IntStream.range(0, messages.size())
                        .mapToObj(at -> request(messages.get(at), results.get(at)))
                        .toList());
        return results;
    }

    private static SendRequest request(Message message, CompletableFuture<PublishResult> result) {
        return new SendRequest() {
            @Override
            public Message message() {
                return message;
            }

            @Override
            public void complete(PublishResult outcome) {
                if (!result.complete(outcome)) {
                    throw new IllegalStateException("completed twice");
                }
            }
        };
    }

    PublishResult.Stored publish(Message message) {
        return (PublishResult.Stored) send(message).join();
    }

    PublishResult.Stored publish(String topic, String text) {
        return publish(
                Message.to(topic)
                        .text(text)
                        .timestamp(java.time.Instant.ofEpochMilli(clock.wallMillis()))
                        .build());
    }

    /** Joins a group, and takes whatever comes. */
    Collector join(String topics, String group, StartAt start) {
        return join(topics, group, start, Integer.MAX_VALUE / 2);
    }

    Collector join(String topics, String group, StartAt start, int credit) {
        var collector = new Collector();
        var receiver =
                new GroupReceiver(
                        request(topics, Optional.of(group), start),
                        collector,
                        engine,
                        engine.topics()::forget);
        engine.topics().join(receiver);
        return begin(collector, receiver, credit);
    }

    /** Reads without a group, and takes whatever comes. */
    Collector read(String topics, StartAt start) {
        return read(topics, start, Integer.MAX_VALUE / 2);
    }

    Collector read(String topics, StartAt start, int credit) {
        var collector = new Collector();
        var receiver =
                new TailReceiver(
                        request(topics, Optional.empty(), start),
                        collector,
                        engine,
                        engine.topics()::forget);
        engine.topics().read(receiver);
        return begin(collector, receiver, credit);
    }

    private static Collector begin(Collector collector, Receiver receiver, int credit) {
        collector.receiver = receiver;
        if (credit > 0) {
            receiver.grant(credit);
        }
        return collector;
    }

    private static ReceiverRequest request(String topics, Optional<String> group, StartAt start) {
        return new ReceiverRequest(TopicPattern.parse(topics), group, start, LEASE, 1024);
    }

    /** Lets what is under way come to rest, then lets time pass, and rings what is due. */
    void pass(Duration time) {
        await().pollInterval(Duration.ofMillis(1)).until(this::isAtRest);
        clock.pass(time);
        engine.timer().poke();
    }

    /** What rings sets the reading threads to work, and they set alarms. */
    private boolean isAtRest() {
        var threads = (ForkJoinPool) engine.threads();
        return threads.awaitQuiescence(20, TimeUnit.SECONDS)
                && engine.timer().isAtRest()
                && threads.isQuiescent();
    }

    @Override
    public void close() {
        engine.close();
    }
}
