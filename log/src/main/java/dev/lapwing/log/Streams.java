// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of a log by name and by number. Numbers are never given out twice. Safe for use by
 * many threads; what the log's records say is applied by the opening and the writer thread.
 */
final class Streams {
    static final int CONTROL = 0;
    static final int STATE = 1;
    private static final int FIRST_NAMED = 16;

    private final Log log;
    private final Map<String, LogStream> byName = new ConcurrentHashMap<>();
    private final Map<Integer, LogStream> byId = new ConcurrentHashMap<>();
    private int nextId = FIRST_NAMED;
    final LogStream control;
    final LogStream state;

    Streams(Log log) {
        this.log = log;
        control = new LogStream(log, CONTROL, "");
        state = new LogStream(log, STATE, "");
        control.registered = true;
        state.registered = true;
        byId.put(CONTROL, control);
        byId.put(STATE, state);
    }

    Optional<LogStream> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<LogStream> numbered(int id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<LogStream> named() {
        return List.copyOf(byName.values());
    }

    Collection<LogStream> all() {
        return byId.values();
    }

    /** The stream of this name, made with the next number if there is none. */
    synchronized LogStream create(String name) {
        var known = byName.get(name);
        return known != null ? known : add(nextId, name);
    }

    private LogStream add(int id, String name) {
        var stream = new LogStream(log, id, name);
        nextId = Math.max(nextId, id + 1);
        byName.put(name, stream);
        byId.put(id, stream);
        return stream;
    }

    /** Frees the name; what was accepted for the stream before may still be stored. */
    synchronized boolean forget(LogStream stream) {
        return byName.remove(stream.name(), stream);
    }

    /** Takes back a drop that was not stored, unless the name is in use again. */
    synchronized void remember(LogStream stream) {
        byName.putIfAbsent(stream.name(), stream);
    }

    void gone(LogStream stream) {
        byId.remove(stream.id);
    }

    /** Does what a control record says, while the log opens. */
    synchronized void apply(ControlRecord record) {
        switch (record) {
            case ControlRecord.Create create -> {
                if (!byId.containsKey(create.stream())) {
                    add(create.stream(), create.name()).restore(0, 0);
                }
            }
            case ControlRecord.Drop drop ->
                    numbered(drop.stream())
                            .ifPresent(stream -> {
                                forget(stream);
                                gone(stream);
                            });
            case ControlRecord.Trim trim ->
                    numbered(trim.stream())
                            .ifPresent(stream -> stream.restore(trim.before(), stream.end()));
            case ControlRecord.Unknown unknown ->
                    throw new LogException(
                            "%s: control record of kind %d is not known to this program; use a newer one"
                                    .formatted(log.place(), unknown.kind()));
        }
    }

    /** A stream whose name is lost, under a name that says so. */
    synchronized LogStream adopt(int id) {
        var known = byId.get(id);
        return known != null ? known : add(id, "recovered-stream-" + id);
    }

    /** Whether the number was given out, as far as this table knows. */
    synchronized boolean wasGivenOut(int id) {
        return id < nextId;
    }

    /** The table as records of a snapshot. */
    synchronized List<byte[]> encode() {
        var records = new ArrayList<byte[]>();
        records.add(ByteBuffer.allocate(Integer.BYTES).putInt(nextId).array());
        for (var stream : byId.values()) {
            if (stream.registered) {
                var name = stream.name().getBytes(StandardCharsets.UTF_8);
                records.add(
                        ByteBuffer.allocate(Integer.BYTES + 2 * Long.BYTES + name.length)
                                .putInt(stream.id)
                                .putLong(stream.first())
                                .putLong(stream.end())
                                .put(name)
                                .array());
            }
        }
        return records;
    }

    /** Takes back the records of {@link #encode}. */
    synchronized void decode(List<ByteBuffer> records) {
        for (var bytes : records) {
            int id = bytes.getInt();
            if (!bytes.hasRemaining()) {
                nextId = Math.max(nextId, id);
                continue;
            }
            long first = bytes.getLong();
            long end = bytes.getLong();
            var name = new byte[bytes.remaining()];
            bytes.get(name);
            var stream = byId.get(id);
            if (stream == null) {
                stream = add(id, new String(name, StandardCharsets.UTF_8));
            }
            stream.restore(first, end);
        }
    }
}
