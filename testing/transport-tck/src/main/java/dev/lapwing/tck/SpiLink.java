// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionState;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** A transport without the runtime, for the clauses that only the contract itself shows. */
final class SpiLink implements AutoCloseable {

    private final Transport transport;
    private final Duration patience;
    private final List<ConnectionState> states;
    private final List<SpiReceiver> receivers = new CopyOnWriteArrayList<>();

    private SpiLink(Transport transport, List<ConnectionState> states, Duration patience) {
        this.patience = patience;
        this.transport = transport;
        this.states = states;
    }

    static SpiLink open(String text, ConnectOptions options, Duration patience) {
        TransportUri uri = TransportUri.parse(text);
        TransportProvider provider =
                ServiceLoader.load(TransportProvider.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(candidate -> candidate.schemes().contains(uri.scheme()))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no provider serves " + uri));
        var states = new CopyOnWriteArrayList<ConnectionState>();
        var context = new TransportContext(options.clock(), options.maxPayloadBytes(), states::add);
        return new SpiLink(provider.connect(uri, context), states, patience);
    }

    Transport transport() {
        return transport;
    }

    boolean has(Capability capability) {
        return transport.capabilities().isNative(capability);
    }

    List<ConnectionState> states() {
        return states;
    }

    /**
     * Begins a message as the runtime would hand it over: with an id where the broker gives none.
     */
    MessageBuilder message(String topic) {
        MessageBuilder message = Message.to(topic);
        return has(Capability.ASSIGNED_IDS) ? message : message.id(UUID.randomUUID().toString());
    }

    /** Sends a batch, and gives the sends to wait for. */
    List<Sent> send(List<Message> messages) {
        List<Sent> batch = messages.stream().map(message -> new Sent(message, patience)).toList();
        transport.sender().send(batch);
        return batch;
    }

    /** Sends texts as one batch and waits until all are stored. */
    void store(String topic, String... texts) {
        List<Message> messages =
                List.of(texts).stream().map(text -> message(topic).text(text).build()).toList();
        for (Sent sent : send(messages)) {
            assertThat(sent.result()).isInstanceOf(PublishResult.Stored.class);
        }
    }

    /** Stores texts from "m0" up. */
    void storeNumbered(String topic, int count) {
        store(topic, IntStream.range(0, count).mapToObj(at -> "m" + at).toArray(String[]::new));
    }

    /** Stores texts from "m0" up, each under a key of its own where there are keys. */
    void storeSpread(String topic, int count) {
        List<Message> messages =
                IntStream.range(0, count)
                        .mapToObj(at -> spread(topic, at).text("m" + at).build())
                        .toList();
        for (Sent sent : send(messages)) {
            assertThat(sent.result()).isInstanceOf(PublishResult.Stored.class);
        }
    }

    private MessageBuilder spread(String topic, int at) {
        MessageBuilder message = message(topic);
        return has(Capability.KEYS) ? message.key("key-" + at) : message;
    }

    /** Waits until the link has told this state as its last. */
    void awaitState(Workbench bench, Class<? extends ConnectionState> state) {
        bench.await(() -> assertThat(states).isNotEmpty().last().isInstanceOf(state));
    }

    SpiReceiver receive(String topics, Optional<String> group, StartAt start, Duration lease) {
        var ear = new SpiReceiver(patience);
        ear.attach(
                transport.receive(
                        new ReceiverRequest(TopicPattern.parse(topics), group, start, lease, 1000),
                        ear));
        receivers.add(ear);
        return ear;
    }

    /** A receiver of a group from now on, with a lease that will not run out. */
    SpiReceiver member(String topic, String group) {
        return receive(topic, Optional.of(group), StartAt.now(), Duration.ofSeconds(60));
    }

    /** A receiver of its own from now on. */
    SpiReceiver alone(String topic, StartAt start) {
        return receive(topic, Optional.empty(), start, Duration.ofSeconds(60));
    }

    @Override
    public void close() {
        receivers.forEach(SpiReceiver::close);
        transport.close();
    }

    /** Waits for an answer, no longer than this. */
    static <T> T get(CompletableFuture<T> future, Duration patience) {
        try {
            return future.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the call failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no answer came within " + patience, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
