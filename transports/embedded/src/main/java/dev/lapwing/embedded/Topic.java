// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.LogStream;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * A topic: a stream of the log, its groups, and those who read it. Made by {@link Topics}; lives
 * until the topic is deleted or the engine closes.
 */
final class Topic {
    private final int number;
    private final String name;
    private final LogStream stream;
    private final String idPrefix;
    private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
    private final Map<String, Group> groups = new ConcurrentHashMap<>();
    private final Pump waker;
    private volatile boolean mayExpire = true;

    /** One that is told when there is something new to read, and when the topic is gone. */
    interface Reader {
        /** There may be something to read. Returns at once. */
        void wake();

        /** The topic was deleted. Returns at once. */
        void deleted();
    }

    Topic(int number, String name, LogStream stream, String log, Executor threads) {
        this.number = number;
        this.name = name;
        this.stream = stream;
        this.idPrefix = log + "-" + number + "-";
        this.waker = new Pump(threads, () -> readers.forEach(Reader::wake));
        stream.onStored(() -> {
            if (!readers.isEmpty()) {
                waker.wake();
            }
        });
    }

    int number() {
        return number;
    }

    String name() {
        return name;
    }

    LogStream stream() {
        return stream;
    }

    /** The id of a message that was published without one. */
    String idAt(long position) {
        return idPrefix + position;
    }

    void add(Reader reader) {
        readers.add(reader);
    }

    void remove(Reader reader) {
        readers.remove(reader);
    }

    /** The groups by name; {@link Topics} alone changes it. */
    Map<String, Group> groups() {
        return groups;
    }

    Optional<Group> group(String groupName) {
        return Optional.ofNullable(groups.get(groupName));
    }

    /** Everybody who reads it. */
    Collection<Reader> readers() {
        return readers;
    }

    /** Whether there may be messages with a time to live at its beginning. */
    boolean mayExpire() {
        return mayExpire;
    }

    void mayExpire(boolean may) {
        mayExpire = may;
    }
}
