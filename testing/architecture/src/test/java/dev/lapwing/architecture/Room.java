// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One module that Lapwing consists of, and what it may stand on beside itself, {@code java.*} and
 * JSpecify.
 *
 * <p>A new transport is a new constant here: {@code spi}, {@code api} and its broker's client.
 */
@SuppressWarnings("ImmutableEnumChecker") // lists made by List.of
enum Room {
    API("", List.of()),
    SPI("spi", List.of(API)),
    RUNTIME("runtime", List.of(SPI, API)),
    LOG("log", List.of()),
    EMBEDDED("embedded", List.of(SPI, API, LOG)),
    REMOTE("remote", List.of(SPI, API), "tools.jackson.core..", "io.netty.."),
    RABBITMQ(
            "rabbitmq",
            List.of(SPI, API),
            "com.rabbitmq.client..",
            "tools.jackson.core..",
            "javax.net.."),
    KAFKA("kafka", List.of(SPI, API), "org.apache.kafka.."),
    REDIS("redis", List.of(SPI, API), "io.lettuce.core..", "io.netty..", "javax.net.."),
    NATS("nats", List.of(SPI, API), "io.nats.client..", "javax.net.."),
    ZEROMQ("zeromq", List.of(SPI, API), "org.zeromq..", "zmq.."),
    GATEWAY("gateway", List.of(API)),
    HTTP("http", List.of(GATEWAY, API), "io.netty..", "tools.jackson.core.."),
    CLI("cli", List.of(SPI, API, RUNTIME, LOG, EMBEDDED, REMOTE, GATEWAY, HTTP), "..");

    private final String name;
    private final List<Room> rooms;
    private final List<String> libraries;

    Room(String name, List<Room> rooms, String... libraries) {
        this.name = name;
        this.rooms = rooms;
        this.libraries = List.of(libraries);
    }

    /** Its package under {@code root}. */
    String in(String root) {
        return name.isEmpty() ? root : root + "." + name;
    }

    /** The packages that its classes may depend on. */
    String[] allowed(String root) {
        return Stream.of(
                        Stream.of(in(root), "java..", "org.jspecify.."),
                        rooms.stream().map(room -> room.in(root)),
                        libraries.stream())
                .flatMap(packages -> packages)
                .toArray(String[]::new);
    }

    /** The packages of all rooms but those given. */
    static String[] allBut(String root, Room... excluded) {
        return Arrays.stream(values())
                .filter(room -> !List.of(excluded).contains(room))
                .map(room -> room.in(root))
                .toArray(String[]::new);
    }
}
