// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.log.DiskStorage;
import dev.lapwing.log.LogClock;
import dev.lapwing.log.LogException;
import dev.lapwing.log.LogLockedException;
import dev.lapwing.log.LogSettings;
import dev.lapwing.log.MemoryStorage;
import dev.lapwing.log.Storage;
import dev.lapwing.spi.TransportUri;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The engines that are open in this process, by the place of their log, so that connections to the
 * same place share one. An engine closes with its last connection.
 */
final class EngineDirectory {
    private static final ConcurrentMap<String, Shared> ENGINES = new ConcurrentHashMap<>();
    private static final AtomicLong PRIVATE_LOGS = new AtomicLong();

    private EngineDirectory() {}

    /** An engine and how many connections use it. */
    private record Shared(Engine engine, EmbeddedOptions options, int users) {}

    /** One connection's hold on an engine. */
    record Hold(String place, Engine engine) implements AutoCloseable {
        @Override
        public void close() {
            ENGINES.computeIfPresent(
                    place,
                    (name, shared) -> {
                        if (shared.users() > 1) {
                            return new Shared(
                                    shared.engine(), shared.options(), shared.users() - 1);
                        }
                        shared.engine().close();
                        return null;
                    });
        }
    }

    /**
     * Opens the engine of a place, or joins those who have it open.
     *
     * @throws ConnectionFailedException if its log cannot be opened
     * @throws InvalidUriException if the place is not valid, or is open with other options
     */
    static Hold acquire(TransportUri uri, EmbeddedOptions options, Clock clock) {
        boolean memory = uri.scheme().equals(EmbeddedProvider.MEMORY);
        String place = memory ? memoryPlace(uri.address()) : directory(uri).toString();
        Shared shared =
                ENGINES.compute(
                        place,
                        (name, open) ->
                                open == null
                                        ? open(uri, memory, place, options, clock)
                                        : join(uri, open, options));
        return new Hold(place, shared.engine());
    }

    private static String memoryPlace(String name) {
        return "memory:" + (name.isEmpty() ? "#" + PRIVATE_LOGS.incrementAndGet() : name);
    }

    private static Shared join(TransportUri uri, Shared open, EmbeddedOptions options) {
        if (!uri.options().isEmpty() && !options.equals(open.options())) {
            throw new InvalidUriException(
                    ("%s is open in this process with other options; connect with the same, or"
                                    + " without any")
                            .formatted(uri));
        }
        return new Shared(open.engine(), open.options(), open.users() + 1);
    }

    private static Shared open(
            TransportUri uri, boolean memory, String place, EmbeddedOptions options, Clock clock) {
        LogSettings settings =
                LogSettings.defaults()
                        .withSegmentBytes(options.segmentBytes())
                        .withFsync(options.fsync(), Duration.ofMillis(100))
                        .withClock(clocks(clock));
        try {
            Storage storage = memory ? MemoryStorage.create() : DiskStorage.at(Path.of(place));
            return new Shared(new Engine(storage, options, settings), options, 1);
        } catch (LogLockedException e) {
            throw new ConnectionFailedException(
                    ("Directory %s is in use by another process; stop that one, connect to it as a"
                                    + " server, or choose another directory")
                            .formatted(place),
                    e);
        } catch (LogException e) {
            throw new ConnectionFailedException(
                    "The log of %s cannot be opened: %s".formatted(uri, e.getMessage()), e);
        }
    }

    /** The directory of a URI, made if it is not there, by its one name. */
    private static Path directory(TransportUri uri) {
        if (uri.address().isEmpty()) {
            throw new InvalidUriException(
                    "'embedded:' names no directory; write it like embedded:data");
        }
        try {
            return Files.createDirectories(Path.of(uri.address())).toRealPath();
        } catch (InvalidPathException e) {
            throw new InvalidUriException(
                    "'%s' is not a directory's name: %s".formatted(uri, e.getReason()), e);
        } catch (IOException e) {
            throw new ConnectionFailedException(
                    ("Directory %s cannot be used (%s); it must be a directory that this user may"
                                    + " read and write")
                            .formatted(Path.of(uri.address()).toAbsolutePath(), e),
                    e);
        }
    }

    private static LogClock clocks(Clock clock) {
        return new LogClock() {
            @Override
            public long wallMillis() {
                return clock.millis();
            }

            @Override
            public long nanoTime() {
                return System.nanoTime();
            }
        };
    }
}
