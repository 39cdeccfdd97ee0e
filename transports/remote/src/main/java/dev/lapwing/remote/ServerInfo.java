// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.LapwingException;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What a server tells about itself.
 *
 * @param capabilities what it can do over its HTTP and WebSocket paths
 */
record ServerInfo(Capabilities capabilities) {

    /** What these paths can carry; a server with a lesser engine has less of it. */
    private static final Set<Capability> CARRIED =
            EnumSet.of(
                    Capability.DURABLE,
                    Capability.STORED_CONFIRMATION,
                    Capability.DEDUPLICATION,
                    Capability.HEADERS,
                    Capability.KEYS,
                    Capability.DELAY,
                    Capability.TIME_TO_LIVE,
                    Capability.PATTERNS,
                    Capability.REPLAY,
                    Capability.REPLAY_FROM_POSITION,
                    Capability.REPLAY_FROM_TIME,
                    Capability.COMPARABLE_POSITIONS);

    /** Reads the answer to {@code GET /capabilities}. */
    static ServerInfo read(String body) {
        var told = EnumSet.noneOf(Capability.class);
        try (JsonParser parser = Json.parser(body)) {
            Json.object(
                    parser,
                    (name, value) -> {
                        if (name.equals("capabilities")
                                && value.currentToken() == JsonToken.START_ARRAY) {
                            while (value.nextToken() != JsonToken.END_ARRAY) {
                                add(told, value.getString());
                            }
                        }
                    });
        }
        told.retainAll(CARRIED);
        return new ServerInfo(table(told));
    }

    /** Asks a server; fails when it is not there, or is not a Lapwing server. */
    static CompletableFuture<ServerInfo> ask(ServerClient server) {
        return server.get("/capabilities")
                .thenApply(response -> {
                    if (response.statusCode() != 200) {
                        throw new LapwingException(
                                "it answers GET /capabilities with %s; is it a Lapwing server?"
                                        .formatted(Problem.of(response).text()));
                    }
                    return read(response.body());
                });
    }

    private static void add(Set<Capability> told, String name) {
        for (Capability capability : Capability.values()) {
            if (capability.name().equals(name)) {
                told.add(capability);
            }
        }
    }

    private static Capabilities table(Set<Capability> told) {
        Capabilities table = Capabilities.of("lapwing server");
        for (Capability capability : Capability.values()) {
            table =
                    told.contains(capability)
                            ? table.withNative(capability)
                            : table.without(capability, instead(capability));
        }
        return table;
    }

    private static String instead(Capability capability) {
        return switch (capability) {
            case GROUPS,
                    COMPETING_CONSUMERS,
                    GIVE_BACK,
                    GIVE_BACK_LATER,
                    EXTEND_LEASE,
                    COUNTS_ATTEMPTS,
                    CONFIRMED_ACK,
                    DEAD_LETTERS ->
                    "connect to the engine behind the server (embedded:DIR in the process that"
                            + " serves) for groups, or remember the last position and subscribe"
                            + " from it";
            case ADMINISTRATION ->
                    "ask the server's GET /topics, or type lapwing topics --uri"
                            + " lapwing://HOST:PORT";
            case REQUEST_REPLY -> "publish to a topic of your own and subscribe to the answers";
            default -> "serve with an engine that has it: lapwing serve --engine URI";
        };
    }
}
