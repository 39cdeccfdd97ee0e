// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Administration;
import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Administration.Peeked;
import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Capability;
import dev.lapwing.DeadLetter;
import dev.lapwing.DeadLetters;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.spi.ReservedNames;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * The dead letters of a topic and a group: the messages of one topic of letters that the group
 * {@value #GROUP} has not settled. A letter is settled when it is redriven. Where the broker can
 * not be asked, the letters are taken, looked at, and given back. Safe for use by many threads.
 */
final class DeadLettersView implements DeadLetters {

    /** The group that stands for everybody who redrives; no user can have it. */
    static final String GROUP = ReservedNames.REDRIVE_GROUP;

    /** How many letters are taken at the most where the broker cannot tell how many there are. */
    private static final long MOST = 65_000;

    /** How often nothing has come when nothing is taken to be left, a fifth of a second each. */
    private static final int QUIET = 5;

    private final Connection connection;
    private final PublishPipeline pipeline;
    private final String topic;
    private final String group;
    private final String letters;

    DeadLettersView(Connection connection, PublishPipeline pipeline, String topic, String group) {
        this.connection = connection;
        this.pipeline = pipeline;
        this.topic = topic;
        this.group = group;
        letters = DeadLetterFormat.topicFor(topic, group);
    }

    private Administration administration() {
        return connection.administration();
    }

    private Optional<TopicInfo> lettersInfo() {
        return administration().topics().stream()
                .filter(info -> info.name().equals(letters))
                .findFirst();
    }

    private Optional<GroupInfo> groupInfo() {
        return administration().groups(letters).stream()
                .filter(info -> info.name().equals(GROUP))
                .findFirst();
    }

    @Override
    public long count() {
        if (!isTold()) {
            return look(MOST).size();
        }
        Optional<TopicInfo> info = lettersInfo();
        return info.isEmpty() ? 0 : groupInfo().map(GroupInfo::lag).orElseGet(info.get()::messages);
    }

    @Override
    public List<DeadLetter> list(int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException(
                    "limit is %d; it must be from 1 to 10,000".formatted(limit));
        }
        if (!isTold()) {
            return look(limit);
        }
        if (lettersInfo().isEmpty()) {
            return List.of();
        }
        List<Peeked> stored =
                groupInfo().isPresent()
                        ? administration().peekPending(letters, GROUP, limit)
                        : administration().peek(letters, StartAt.earliest(), limit);
        return stored.stream().map(peeked -> read(peeked.message())).toList();
    }

    @Override
    public long redrive() {
        return redrive(letter -> true);
    }

    @Override
    public long redrive(Predicate<DeadLetter> which) {
        Objects.requireNonNull(which, "which");
        connection.capabilities().require(Capability.HEADERS);
        connection.capabilities().require(Capability.GROUPS);
        long all = isTold() ? count() : MOST;
        if (all <= 0) {
            return 0;
        }
        try (var round = round(all)) {
            return round.run(this::read, which);
        }
    }

    /** Whether the broker can be asked what there is. */
    private boolean isTold() {
        return connection.capabilities().has(Capability.ADMINISTRATION);
    }

    private Redrive round(long all) {
        return new Redrive(
                connection, pipeline, letters, all, isTold() ? this::isNothingLeft : quiet());
    }

    private static BooleanSupplier quiet() {
        var waits = new AtomicInteger();
        return () -> waits.incrementAndGet() >= QUIET;
    }

    private List<DeadLetter> look(long all) {
        try (var round = round(all)) {
            return round.look(this::read);
        }
    }

    private DeadLetter read(Message stored) {
        return DeadLetterFormat.read(stored, topic, group);
    }

    /** Whether every letter is with somebody who redrives, as far as the broker can tell. */
    private boolean isNothingLeft() {
        return groupInfo().map(info -> info.lag() - info.inFlight() <= 0).orElse(true);
    }

    @Override
    public long purge() {
        if (!isTold()) {
            try (var round = round(MOST)) {
                return round.discard();
            }
        }
        return lettersInfo().isEmpty() ? 0 : administration().purge(letters);
    }
}
