// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.protocol.CommandType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What a server told about itself.
 *
 * @param told whether it let its configuration be read
 * @param configuration the names and values that matter here
 */
record RedisFacts(boolean told, Map<String, String> configuration) {
    private static final List<String> NAMES =
            List.of(
                    "appendonly",
                    "appendfsync",
                    "maxmemory",
                    "maxmemory-policy",
                    "proto-max-bulk-len");

    static RedisFacts of(RedisSettings settings, RedisWire wire) {
        var values = new HashMap<String, String>();
        List<CompletableFuture<List<Object>>> answers =
                NAMES.stream()
                        .map(name ->
                                wire.ask(
                                        "Reading the configuration",
                                        CommandType.CONFIG,
                                        RedisWire.args().add("GET").add(name)))
                        .toList();
        for (CompletableFuture<List<Object>> answer : answers) {
            try {
                RedisReplies.map(RedisWire.await(settings, answer))
                        .forEach((name, value) -> values.put(name, RedisReplies.text(value)));
            } catch (dev.lapwing.ConnectionFailedException e) {
                throw e;
            } catch (dev.lapwing.LapwingException mayNotRead) {
                return new RedisFacts(false, Map.of());
            }
        }
        return new RedisFacts(values.containsKey("appendonly"), Map.copyOf(values));
    }

    /** Why what is stored may not survive a crash; empty where it does. */
    Optional<String> mayLose() {
        if (!told) {
            return Optional.of(
                    "the server does not let its configuration be read, so it is not known whether"
                            + " it writes to disk; allow CONFIG GET, and set appendonly yes and"
                            + " appendfsync always");
        }
        if (!"yes".equals(configuration.get("appendonly"))) {
            return Optional.of(
                    "the server has appendonly no: a crash loses all since its last snapshot; set"
                            + " appendonly yes and appendfsync always");
        }
        String fsync = configuration.getOrDefault("appendfsync", "unknown");
        if (!fsync.equals("always")) {
            return Optional.of(
                    "the server has appendfsync %s: a crash may lose what was stored just before it; set appendfsync always"
                            .formatted(fsync));
        }
        String policy = configuration.getOrDefault("maxmemory-policy", "noeviction");
        if (!"0".equals(configuration.get("maxmemory")) && policy.startsWith("allkeys")) {
            return Optional.of(
                    "the server has maxmemory-policy %s: full memory removes whole topics; set noeviction"
                            .formatted(policy));
        }
        return Optional.empty();
    }

    /** The longest value that the server takes, in bytes. */
    long longestValue() {
        String limit = configuration.get("proto-max-bulk-len");
        return limit == null ? Long.MAX_VALUE : Long.parseLong(limit);
    }
}
