// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The topics of a server: {@code GET /topics}. */
final class Topics {

    private final ServerClient server;

    /**
     * The topics at one moment.
     *
     * @param serverTime that moment on the server's clock, to a second, if it tells
     */
    record Listing(List<TopicInfo> topics, Optional<Instant> serverTime) {}

    Topics(ServerClient server) {
        this.server = server;
    }

    /** Every topic, in the server's order. */
    CompletableFuture<Listing> all() {
        return server.get("/topics").thenApply(Topics::readAll);
    }

    /**
     * Where a subscription from now on begins: behind the last message of a topic. Empty where the
     * server cannot tell.
     */
    CompletableFuture<Optional<StartAt>> end(String topic) {
        return server.get("/topics/" + ServerAddress.encode(topic))
                .thenApply(response ->
                        switch (response.statusCode()) {
                            case 200 -> Optional.of(behind(readOne(response.body())));
                            case 404 -> Optional.of(StartAt.earliest());
                            default -> Optional.empty();
                        });
    }

    private static StartAt behind(TopicInfo topic) {
        return topic.last().map(StartAt::after).orElseGet(StartAt::earliest);
    }

    private static Listing readAll(HttpResponse<String> response) {
        if (response.statusCode() != 200) {
            throw new LapwingException(
                    "The server does not list its topics: " + Problem.of(response).text());
        }
        var topics = new ArrayList<TopicInfo>();
        try (JsonParser parser = Json.parser(response.body())) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                topics.add(read(parser));
            }
        }
        return new Listing(topics, response.headers().firstValue("date").flatMap(Topics::time));
    }

    private static Optional<Instant> time(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static TopicInfo readOne(String body) {
        try (JsonParser parser = Json.parser(body)) {
            return read(parser);
        }
    }

    private static TopicInfo read(JsonParser parser) {
        var fields = new Fields();
        Json.object(parser, fields::field);
        return new TopicInfo(fields.name, fields.messages, fields.bytes, fields.first, fields.last);
    }

    private static final class Fields {
        private String name = "";
        private long messages = -1;
        private long bytes = -1;
        private Optional<Position> first = Optional.empty();
        private Optional<Position> last = Optional.empty();

        void field(String field, JsonParser value) {
            switch (field) {
                case "name" -> name = value.getString();
                case "messages" -> messages = value.getLongValue();
                case "bytes" -> bytes = value.getLongValue();
                case "first" -> first = Json.text(value).map(Position::new);
                case "last" -> last = Json.text(value).map(Position::new);
                default -> {
                    // A field of a newer server.
                }
            }
        }
    }
}
