// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Position;
import dev.lapwing.TopicName;
import dev.lapwing.gateway.Gateway;

import tools.jackson.core.JsonGenerator;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Lists topics: {@code GET /topics} and {@code GET /topics/{topic}}. */
final class TopicsEndpoint implements Endpoint {
    private static final int MAX_AT_ONCE = 16;

    private final Gateway gateway;
    private final AtomicInteger underWay = new AtomicInteger();

    TopicsEndpoint(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public String methods() {
        return "GET, HEAD, OPTIONS";
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        if (request.path().equals("/topics")) {
            answerLater(exchange, this::all);
        } else {
            String topic = TopicName.check(request.pathBehind(Router.TOPICS));
            answerLater(exchange, () -> one(topic));
        }
    }

    private void answerLater(Exchange exchange, Supplier<Answer> question) {
        if (underWay.incrementAndGet() > MAX_AT_ONCE) {
            underWay.decrementAndGet();
            throw new Refusal(Problem.unavailable("Too many ask for topics; ask again later"));
        }
        Thread.ofVirtual()
                .name("lapwing-topics")
                .start(() -> {
                    Answer answer = ask(question);
                    underWay.decrementAndGet();
                    exchange.connection()
                            .worker()
                            .execute(() -> {
                                exchange.answer(answer);
                                exchange.connection().flush();
                            });
                });
    }

    private static Answer ask(Supplier<Answer> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return Failures.problem(e).answer();
        }
    }

    private Answer all() {
        List<TopicInfo> topics = gateway.administration().topics();
        var body = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = Json.generator(body)) {
            json.writeStartArray();
            topics.forEach(topic -> write(json, topic));
            json.writeEndArray();
        }
        return Answer.json(200, body.toByteArray());
    }

    private Answer one(String topic) {
        Optional<TopicInfo> info = gateway.administration().topic(topic);
        if (info.isEmpty()) {
            return Problem.notFound(
                            "There is no topic '%s'; it comes to be with its first event"
                                    .formatted(topic))
                    .answer();
        }
        var body = new ByteArrayOutputStream(128);
        try (JsonGenerator json = Json.generator(body)) {
            write(json, info.get());
        }
        return Answer.json(200, body.toByteArray());
    }

    private static void write(JsonGenerator json, TopicInfo topic) {
        json.writeStartObject();
        json.writeStringProperty("name", topic.name());
        count(json, "messages", topic.messages());
        count(json, "bytes", topic.bytes());
        position(json, "first", topic.first());
        position(json, "last", topic.last());
        json.writeEndObject();
    }

    private static void count(JsonGenerator json, String name, long count) {
        if (count >= 0) {
            json.writeNumberProperty(name, count);
        }
    }

    private static void position(JsonGenerator json, String name, Optional<Position> position) {
        position.ifPresent(place -> json.writeStringProperty(name, place.token()));
    }
}
