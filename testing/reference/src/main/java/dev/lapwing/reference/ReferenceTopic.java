// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Message;
import dev.lapwing.StartAt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The messages of a topic, and the ledgers of those who read it. Touched on the loop only. */
final class ReferenceTopic {

    final String name;
    final int number;
    final List<Entry> entries = new ArrayList<>();
    final Map<String, Entry> byId = new HashMap<>();
    final Set<String> accepted = new HashSet<>();
    final Map<String, Ledger> groups = new TreeMap<>();
    final List<Ledger> ownLedgers = new ArrayList<>();
    private int turn;

    ReferenceTopic(String name, int number) {
        this.name = name;
        this.number = number;
    }

    int partitionOf(Message message, int partitions) {
        int spread = message.key().map(String::hashCode).orElseGet(() -> turn++);
        return Math.floorMod(spread, partitions);
    }

    void append(Entry entry) {
        entries.add(entry);
        entry.message().id().ifPresent(id -> byId.put(id, entry));
        ledgers().forEach(ledger -> ledger.add(entry));
    }

    void pump() {
        ledgers().forEach(Ledger::pump);
    }

    List<Ledger> ledgers() {
        var all = new ArrayList<>(groups.values());
        all.addAll(ownLedgers);
        return all;
    }

    /** What a ledger that begins here sees of the past. */
    List<Entry> since(StartAt start) {
        return switch (start) {
            case StartAt.Now now -> List.of();
            case StartAt.Earliest earliest -> List.copyOf(entries);
            case StartAt.After after -> {
                ResumePoint point = ResumePoint.parse(after.position());
                yield entries.stream().filter(entry -> point.isBefore(this, entry)).toList();
            }
            case StartAt.Time time -> since(entry -> isAtOrAfter(entry, time));
        };
    }

    private static boolean isAtOrAfter(Entry entry, StartAt.Time time) {
        return !entry.message().timestamp().isBefore(time.instant());
    }

    private List<Entry> since(Predicate<Entry> first) {
        return entries.stream().dropWhile(first.negate()).toList();
    }
}
