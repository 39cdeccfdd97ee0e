// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.ConnectionState;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportUri;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A transport under test, and the states that it told. */
final class Connection implements AutoCloseable {

    final List<ConnectionState> states = new CopyOnWriteArrayList<>();
    final Transport transport;

    Connection(String uri) {
        transport =
                new RemoteProvider()
                        .connect(
                                TransportUri.parse(uri),
                                new TransportContext(Clock.systemUTC(), 1 << 20, states::add));
    }

    Receiver subscribe(String topic, StartAt start, Events events) {
        return transport.receive(
                new ReceiverRequest(
                        TopicPattern.parse(topic),
                        Optional.empty(),
                        start,
                        Duration.ofSeconds(30),
                        512),
                events);
    }

    /** Sends texts to one topic in one call and waits for their results. */
    List<PublishResult> send(String topic, String... texts) throws Exception {
        List<Sending> sendings =
                Arrays.stream(texts)
                        .map(text -> new Sending(Message.to(topic).id(text).text(text).build()))
                        .toList();
        transport.sender().send(sendings);
        for (Sending sending : sendings) {
            sending.result.get(30, TimeUnit.SECONDS);
        }
        return sendings.stream().map(sending -> sending.result.join()).toList();
    }

    @Override
    public void close() {
        transport.close();
    }

    /** One message on its way. */
    record Sending(Message message, CompletableFuture<PublishResult> result)
            implements SendRequest {

        Sending(Message message) {
            this(message, new CompletableFuture<>());
        }

        @Override
        public void complete(PublishResult outcome) {
            if (!result.complete(outcome)) {
                throw new AssertionError("completed twice: " + message);
            }
        }
    }
}
