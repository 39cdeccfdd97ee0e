// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must, may and must not be in a log after a crash, by what its appends were told. */
final class CrashModel {
    /** The name under which records of the owner's state are kept. */
    static final String STATE = "";

    /** Fate of a record: told as stored, not told yet, or told as not stored. */
    enum Fate {
        OPEN,
        STORED,
        GONE
    }

    record Item(int id, String stream, int size, int group, Fate fate, long position) {
        Item with(Fate newFate, long newPosition) {
            return new Item(id, stream, size, group, newFate, newPosition);
        }
    }

    private final Map<Integer, Item> items = new LinkedHashMap<>();
    private final Map<String, Long> trimAsked = new HashMap<>();
    private final Map<String, Long> trimDone = new HashMap<>();
    final Set<String> dropAsked = new HashSet<>();
    final Set<String> dropDone = new HashSet<>();

    CrashModel copy() {
        var copy = new CrashModel();
        copy.items.putAll(items);
        copy.trimAsked.putAll(trimAsked);
        copy.trimDone.putAll(trimDone);
        copy.dropAsked.addAll(dropAsked);
        copy.dropDone.addAll(dropDone);
        return copy;
    }

    /** A record of this model on its way into a log. */
    Append append(LogStream stream, String name, int size, int group) {
        int id = items.size() + 1;
        items.put(id, new Item(id, name, size, group, Fate.OPEN, -1));
        return new Append(stream) {
            @Override
            protected int encodedSize() {
                return size;
            }

            @Override
            protected void encodeTo(ByteBuffer target) {
                target.put(content(id, size));
            }

            @Override
            protected void stored(long position) {
                items.computeIfPresent(id, (key, item) -> item.with(Fate.STORED, position));
            }

            @Override
            protected void failed(LogFailure failure) {
                if (failure.kind() != LogFailure.Kind.UNKNOWN) {
                    items.computeIfPresent(id, (key, item) -> item.with(Fate.GONE, -1));
                }
            }
        };
    }

    /** Takes back the newest appends, which the log did not accept. */
    void refuse(int count) {
        for (int i = 0; i < count; i++) {
            int id = items.size() - i;
            items.computeIfPresent(id, (key, item) -> item.with(Fate.GONE, -1));
        }
    }

    List<Integer> storedState() {
        return items.values().stream()
                .filter(item -> item.stream.equals(STATE) && item.fate == Fate.STORED)
                .map(Item::id)
                .toList();
    }

    void trimAsked(String stream, long before) {
        trimAsked.merge(stream, before, Math::max);
    }

    void trimDone(String stream, long before) {
        trimDone.merge(stream, before, Math::max);
    }

    /** At least eight bytes that only this record has. */
    static byte[] content(int id, int size) {
        var bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (id * 31 + i);
        }
        ByteBuffer.wrap(bytes).putInt(id).putInt(size);
        return bytes;
    }

    /** The id in the content of a record, which must be whole. */
    static int id(ByteBuffer bytes) {
        var copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        int id = ByteBuffer.wrap(copy).getInt();
        if (!java.util.Arrays.equals(copy, content(id, copy.length))) {
            throw new AssertionError("record with foreign content, says it is " + id);
        }
        return id;
    }

    /** Checks a log that was just opened, and from then on holds it to what it shows. */
    void check(Log log, List<Integer> ownerState) {
        require(log.recovery().damages().isEmpty(), "damage: " + log.recovery().damages());
        var seen = new HashMap<Integer, Long>();
        for (var stream : log.streams()) {
            require(!dropDone.contains(stream.name()), "dropped stream is back: " + stream);
            checkStream(stream, seen);
        }
        for (int i = 0; i < ownerState.size(); i++) {
            seen.put(ownerState.get(i), (long) i);
        }
        checkState(ownerState);
        for (var item : List.copyOf(items.values())) {
            checkItem(log, item, seen.get(item.id));
        }
        checkGroups(seen);
        adopt(log, seen);
    }

    private void checkStream(LogStream stream, Map<Integer, Long> seen) {
        long first = stream.first();
        long asked = trimAsked.getOrDefault(stream.name(), 0L);
        require(first <= asked, stream + " begins behind what was asked to be trimmed: " + asked);
        require(
                first >= trimDone.getOrDefault(stream.name(), 0L),
                stream + " begins before what was trimmed");
        var expected = new long[] {first};
        var reader = stream.reader(0);
        var consumer =
                new RecordConsumer() {
                    @Override
                    public void record(long position, long wallMillis, ByteBuffer bytes) {
                        require(position == expected[0], stream + " is not dense at " + position);
                        expected[0]++;
                        int id = id(bytes);
                        var item = items.get(id);
                        require(item != null, "unknown record " + id);
                        require(item.stream.equals(stream.name()), "record in the wrong stream");
                        require(seen.put(id, position) == null, "record is there twice: " + id);
                    }

                    @Override
                    public void damaged(Damage damage) {
                        throw new AssertionError(damage.toString());
                    }
                };
        while (reader.position() < stream.end()) {
            reader.read(100, 10_000, consumer);
        }
        require(expected[0] == stream.end(), stream + " ends early, at " + expected[0]);
    }

    private void checkState(List<Integer> ownerState) {
        var stored = storedState();
        require(
                ownerState.size() >= stored.size()
                        && ownerState.subList(0, stored.size()).equals(stored),
                "state is " + ownerState + ", stored was " + stored);
        int last = 0;
        for (int id : ownerState) {
            require(id > last, "state is out of order: " + ownerState);
            last = id;
        }
    }

    private void checkItem(Log log, Item item, Long position) {
        switch (item.fate) {
            case GONE -> require(position == null, "refused record is there: " + item);
            case OPEN -> {}
            case STORED -> {
                if (item.stream.equals(STATE) || dropAsked.contains(item.stream)) {
                    return;
                }
                var stream = log.stream(item.stream);
                require(stream.isPresent(), "stream is gone: " + item);
                require(stream.get().end() > item.position, "position is free again: " + item);
                if (position == null) {
                    require(item.position < stream.get().first(), "stored record is lost: " + item);
                } else {
                    require(position == item.position, "stored record moved: " + item);
                }
            }
        }
    }

    private void checkGroups(Map<Integer, Long> seen) {
        var present = new HashMap<Integer, Boolean>();
        for (var item : items.values()) {
            if (item.group > 0 && item.fate == Fate.OPEN && !dropAsked.contains(item.stream)) {
                boolean there = seen.containsKey(item.id);
                var others = present.putIfAbsent(item.group, there);
                require(others == null || others == there, "half of a group is there: " + item);
            }
        }
    }

    private void adopt(Log log, Map<Integer, Long> seen) {
        for (var item : List.copyOf(items.values())) {
            if (item.fate == Fate.OPEN) {
                var position = seen.get(item.id);
                items.put(
                        item.id,
                        position == null
                                ? item.with(Fate.GONE, -1)
                                : item.with(Fate.STORED, position));
            }
        }
        log.streams().forEach(stream -> trimDone(stream.name(), stream.first()));
        for (var name : dropAsked) {
            if (log.stream(name).isEmpty()) {
                dropDone.add(name);
            }
        }
    }

    static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
