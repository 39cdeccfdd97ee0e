// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.Damage;
import dev.lapwing.log.LogOwner;
import dev.lapwing.log.LogStatus;
import dev.lapwing.log.SnapshotWriter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What is stored beside the messages: what the state records add up to. Changed while the log opens
 * by the opening thread, and then by the log's writer thread alone, by the records that are durable
 * by then; other threads only look.
 */
final class EngineState implements LogOwner {
    /** The number of the stream of delayed messages, and of the account of those that moved on. */
    static final int DELAYED = 0;

    private static final Logger LOGGER = System.getLogger(EngineState.class.getName());
    private static final int ENTRIES_PER_RECORD = 100 * 3;

    private final DedupeWindow ids;
    private final Map<Integer, String> topics = new ConcurrentHashMap<>();
    private final Map<Integer, GroupState> groups = new ConcurrentHashMap<>();
    private final Set<PatternGroup> patterns = ConcurrentHashMap.newKeySet();
    private final Map<Integer, Long> idsKnown = new ConcurrentHashMap<>();
    private volatile String log = "";
    private volatile StateRecord.Running running = new StateRecord.Running(true);
    private volatile int highestNumber;
    private volatile Function<Integer, Long> ends = topic -> 0L;
    private volatile Consumer<LogStatus> statusListener = status -> {};

    EngineState(DedupeWindow ids) {
        this.ids = ids;
        groups.put(DELAYED, new GroupState(DELAYED, DELAYED, "", 0));
    }

    /** The name of the log; empty when it is new. */
    String log() {
        return log;
    }

    /** Whether the last run, if there was one, closed in order. */
    boolean isClosed() {
        return running.closed();
    }

    /** The highest number that a topic or a group ever had. */
    int highestNumber() {
        return highestNumber;
    }

    /** The names of the topics, by their numbers. */
    Map<Integer, String> topics() {
        return topics;
    }

    Collection<GroupState> groups() {
        return groups.values();
    }

    /** Which delayed messages have moved on to their topics. */
    GroupState delayed() {
        return java.util.Objects.requireNonNull(groups.get(DELAYED));
    }

    Set<PatternGroup> patterns() {
        return patterns;
    }

    /** From where on the ids of a stream's messages have to be read when the engine opens. */
    long idsKnownTo(int topic) {
        return idsKnown.getOrDefault(topic, 0L);
    }

    /** Tells where the streams end now; before this, a snapshot repeats what was restored. */
    void knowEnds(Function<Integer, Long> endOfTopic) {
        ends = endOfTopic;
    }

    void onStatus(Consumer<LogStatus> listener) {
        statusListener = listener;
    }

    void apply(StateRecord change) {
        switch (change) {
            case StateRecord.Identity it -> {
                log = it.log();
                highestNumber = Math.max(highestNumber, it.highestNumber());
            }
            case StateRecord.Running it -> running = it;
            case StateRecord.TopicCreated it -> created(it);
            case StateRecord.TopicDropped it -> dropped(it.topic());
            case StateRecord.GroupCreated it -> {
                groups.putIfAbsent(it.group().number(), it.group());
                highestNumber = Math.max(highestNumber, it.group().number());
            }
            case StateRecord.GroupDropped it -> groups.remove(it.group());
            case StateRecord.PatternJoined it -> patterns.add(it.group());
            case StateRecord.PatternLeft it -> patterns.remove(it.group());
            case StateRecord.Settled it -> inGroup(it.group(), group -> group.settle(it.runs()));
            case StateRecord.SettledWords it ->
                    inGroup(it.group(), group -> group.settled().addWords(it.first(), it.words()));
            case StateRecord.Attempted it -> inGroup(it.group(), group -> attempted(group, it));
            case StateRecord.Delivered it -> inGroup(it.group(), group -> group.delivered(it.to()));
            case StateRecord.IdsKnown it -> idsKnown.put(it.topic(), it.to());
            case StateRecord.IdSeen it ->
                    ids.restore(it.topic(), it.id(), it.position(), it.storedAt());
        }
    }

    private void created(StateRecord.TopicCreated it) {
        topics.entrySet().stream()
                .filter(known -> known.getValue().equals(it.name()) && known.getKey() != it.topic())
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::dropped);
        topics.put(it.topic(), it.name());
        highestNumber = Math.max(highestNumber, it.topic());
    }

    private void dropped(int topic) {
        topics.remove(topic);
        idsKnown.remove(topic);
        groups.values().removeIf(group -> group.number() != DELAYED && group.topic() == topic);
    }

    private void inGroup(int number, Consumer<GroupState> change) {
        GroupState group = groups.get(number);
        if (group != null) {
            change.accept(group);
        }
    }

    private static void attempted(GroupState group, StateRecord.Attempted it) {
        long[] entries = it.entries();
        for (int entry = 0; entry < entries.length; entry += 3) {
            group.attempted(entries[entry], (int) entries[entry + 1], entries[entry + 2]);
        }
    }

    @Override
    public void restore(ByteBuffer snapshotRecord) {
        apply(StateCodec.decode(snapshotRecord));
    }

    @Override
    public void replay(long position, ByteBuffer stateRecord) {
        apply(StateCodec.decode(stateRecord));
    }

    @Override
    public void snapshot(SnapshotWriter target) {
        Consumer<StateRecord> writer =
                change -> target.record(ByteBuffer.wrap(StateCodec.encode(change)));
        writer.accept(new StateRecord.Identity(log, highestNumber));
        writer.accept(running);
        topics.forEach((topic, name) -> {
            writer.accept(new StateRecord.TopicCreated(topic, name));
            writer.accept(new StateRecord.IdsKnown(topic, endOf(topic)));
        });
        writer.accept(new StateRecord.IdsKnown(DELAYED, endOf(DELAYED)));
        patterns.forEach(group -> writer.accept(new StateRecord.PatternJoined(group)));
        groups.values().forEach(group -> write(group, writer));
        ids.forEachStored((topic, id, position, storedAt) ->
                writer.accept(new StateRecord.IdSeen(topic, id, position, storedAt)));
    }

    private long endOf(int topic) {
        return Math.max(ends.apply(topic), idsKnownTo(topic));
    }

    private static void write(GroupState group, Consumer<StateRecord> writer) {
        int number = group.number();
        if (number == DELAYED) {
            long[] moved = {0, group.settled().floor()};
            writer.accept(new StateRecord.Settled(number, moved));
        } else {
            writer.accept(new StateRecord.GroupCreated(group));
        }
        writer.accept(new StateRecord.Delivered(number, group.deliveredTo()));
        group.settled()
                .forEachPage((first, words) ->
                        writer.accept(new StateRecord.SettledWords(number, first, words)));
        LongStream.Builder entries = LongStream.builder();
        group.attempts()
                .forEach((position, spent, notBefore) ->
                        entries.add(position).add(spent).add(notBefore));
        long[] all = entries.build().toArray();
        for (int from = 0; from < all.length; from += ENTRIES_PER_RECORD) {
            int to = Math.min(all.length, from + ENTRIES_PER_RECORD);
            writer.accept(new StateRecord.Attempted(number, Arrays.copyOfRange(all, from, to)));
        }
    }

    @Override
    public void damaged(Damage damage) {
        LOGGER.log(Level.WARNING, "The log is damaged: {0}", damage);
    }

    @Override
    public void statusChanged(LogStatus status) {
        statusListener.accept(status);
    }
}
