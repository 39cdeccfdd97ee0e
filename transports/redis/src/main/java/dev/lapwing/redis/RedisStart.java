// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.StartAt;

import io.lettuce.core.protocol.CommandType;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;

/**
 * Where reading begins.
 *
 * @param after the id behind which the first entry stands
 * @param ordinal how many entries the stream ever had up to there; -1: not known
 */
record RedisStart(String after, long ordinal) {
    /** Behind nothing. */
    static final String BEGINNING = "0-0";

    private static final Pattern ID = Pattern.compile("\\d{1,19}-\\d{1,20}");

    /** What a server tells of a stream; one that does not exist is empty. */
    record Stream(Map<String, @Nullable Object> facts) {
        String lastId() {
            Object id = facts.get("last-generated-id");
            return id == null ? BEGINNING : RedisReplies.text(id);
        }

        /** How many entries were ever added up to an id; -1 where it cannot be told. */
        long ordinalOf(String id) {
            if (facts.isEmpty()) {
                return id.equals(BEGINNING) ? 0 : -1;
            }
            long added = RedisReplies.number(facts.get("entries-added"));
            long length = RedisReplies.number(facts.get("length"));
            if (added < 0
                    || !BEGINNING.equals(RedisReplies.text(facts.get("max-deleted-entry-id")))) {
                return -1;
            }
            String first = RedisReplies.text(facts.get("recorded-first-entry-id"));
            if (length == 0 || RedisEntry.isBefore(id, first)) {
                return added - length;
            }
            return id.equals(lastId()) ? added : -1;
        }
    }

    static CompletableFuture<Stream> look(RedisWire wire, String topic, byte[] key) {
        return wire.ask(
                        "Topic '" + topic + "'",
                        CommandType.XINFO,
                        RedisWire.args().add("STREAM").addKey(key))
                .handle((list, failure) -> new Stream(RedisReplies.map(known(list, failure))));
    }

    private static List<Object> known(@Nullable List<Object> list, @Nullable Throwable failure) {
        if (failure instanceof RedisQuestion.ErrorReply reply
                && reply.reply().contains("no such key")) {
            return List.of();
        }
        if (failure != null || list == null) {
            throw failure instanceof RuntimeException known
                    ? known
                    : new CompletionException(failure);
        }
        return RedisReplies.list(list);
    }

    /**
     * Finds the place.
     *
     * @throws InvalidPositionException if it is not one of this topic
     */
    static RedisStart of(
            RedisSettings settings, RedisWire wire, String topic, byte[] key, StartAt start) {
        Stream stream = RedisWire.await(settings, look(wire, topic, key));
        String after =
                switch (start) {
                    case StartAt.Now now -> stream.lastId();
                    case StartAt.Earliest earliest -> BEGINNING;
                    case StartAt.Time(Instant instant) -> before(instant);
                    case StartAt.After(var position) -> check(stream, topic, position.token());
                };
        return new RedisStart(
                after,
                start instanceof StartAt.Now || start instanceof StartAt.Earliest
                        ? stream.ordinalOf(after)
                        : -1);
    }

    private static String before(Instant instant) {
        long millis = instant.toEpochMilli();
        if (instant.isAfter(Instant.ofEpochMilli(millis))) {
            millis++;
        }
        return millis <= 0 ? BEGINNING : (millis - 1) + "-18446744073709551615";
    }

    private static String check(Stream stream, String topic, String token) {
        if (!isId(token)) {
            throw new InvalidPositionException(
                    ("'%s' is not a position of topic '%s'; positions here are the ids of entries,"
                                    + " such as 1700000000000-0, as the messages carry them")
                            .formatted(token, topic));
        }
        if (!stream.facts().isEmpty() && RedisEntry.isBefore(stream.lastId(), token)) {
            throw new InvalidPositionException(
                    ("Position %s is beyond the end of topic '%s', whose last entry was %s: it"
                                    + " comes from another server; start from earliest or now")
                            .formatted(token, topic, stream.lastId()));
        }
        return token;
    }

    private static boolean isId(String token) {
        if (!ID.matcher(token).matches()) {
            return false;
        }
        try {
            Long.parseUnsignedLong(token.substring(token.indexOf('-') + 1));
            return true;
        } catch (NumberFormatException tooLarge) {
            return false;
        }
    }
}
