// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.DeadLetter;
import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.Position;
import dev.lapwing.TopicName;
import dev.lapwing.spi.ReservedNames;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How a dead letter is written, and read again: the topic it stands in, and the headers that say
 * where it came from. Decides nothing.
 */
final class DeadLetterFormat {
    static final String PREFIX = ReservedNames.DEAD_LETTERS;
    static final String REDRIVE_GROUP = "lapwing-redrive-group";
    static final String REDRIVE_ID = "lapwing-redrive-id";

    private static final String TOPIC = "lapwing-dead-topic";
    private static final String GROUP = "lapwing-dead-group";
    private static final String REASON = "lapwing-dead-reason";
    private static final String ATTEMPTS = "lapwing-dead-attempts";
    private static final String FAILED_AT = "lapwing-dead-failed-at";
    private static final String POSITION = "lapwing-dead-position";
    private static final String ID = "lapwing-dead-id";
    private static final List<String> OURS =
            List.of(
                    TOPIC,
                    GROUP,
                    REASON,
                    ATTEMPTS,
                    FAILED_AT,
                    POSITION,
                    ID,
                    REDRIVE_GROUP,
                    REDRIVE_ID);
    private static final int LONGEST_REASON = 2000;

    private DeadLetterFormat() {}

    /** The topic of the messages of a topic that a group gave up on. */
    static String topicFor(String topic, String group) {
        String name = PREFIX + group.replace('.', '~') + "." + topic;
        return name.getBytes(StandardCharsets.UTF_8).length <= TopicName.MAX_BYTES
                ? name
                : PREFIX + group.replace('.', '~') + ".~" + digest(topic);
    }

    /**
     * The topic where a group's letter of this message goes. Letters do not nest: one that was read
     * from among dead letters goes to where its group gives up on the topic it first came from.
     */
    static String topicOf(Message message, String group) {
        String target = topicFor(origin(message), group);
        return target.equals(message.topic())
                ? topicFor(origin(message), group + ".again")
                : target;
    }

    private static String origin(Message message) {
        return message.topic().startsWith(PREFIX)
                ? message.header(TOPIC).orElse(message.topic().substring(PREFIX.length()))
                : message.topic();
    }

    /** A dead letter, ready to be published. */
    static Message write(DeadLetter letter, boolean withHeaders) {
        Message message = letter.message();
        String place = letter.position().map(Position::token).orElse("");
        String id = message.id().orElse("");
        MessageBuilder copy = copy(message, topicOf(message, letter.group()));
        if (!place.isEmpty() || !id.isEmpty()) {
            copy.id("dead-" + digest(letter.group(), message.topic(), place, id));
        }
        return (withHeaders ? copy.headers(headers(letter)) : copy).build();
    }

    private static Headers headers(DeadLetter letter) {
        Message message = letter.message();
        Headers headers =
                message.headers()
                        .without(OURS)
                        .with(TOPIC, origin(message))
                        .with(GROUP, letter.group())
                        .with(REASON, shortened(letter.reason()))
                        .with(ATTEMPTS, String.valueOf(letter.attempts()))
                        .with(FAILED_AT, letter.failedAt().toString());
        if (letter.position().isPresent()) {
            headers = headers.with(POSITION, letter.position().get().token());
        }
        Optional<String> id = message.header(REDRIVE_ID).or(message::id);
        return id.isPresent() ? headers.with(ID, id.get()) : headers;
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON
                ? reason
                : reason.substring(0, LONGEST_REASON) + "…";
    }

    /** A dead letter as it stands in the topic of dead letters for this topic and group. */
    static DeadLetter read(Message stored, String topic, String group) {
        Headers headers = stored.headers();
        String origin = headers.first(TOPIC).orElse(topic);
        MessageBuilder message = copy(stored, origin).headers(headers.without(OURS));
        headers.first(ID).ifPresent(message::id);
        return new DeadLetter(
                message.build(),
                origin,
                headers.first(GROUP).orElse(group),
                headers.first(REASON).orElse("not told"),
                headers.first(ATTEMPTS).map(DeadLetterFormat::number).orElse(1),
                headers.first(FAILED_AT).flatMap(DeadLetterFormat::time).orElse(stored.timestamp()),
                headers.first(POSITION).filter(token -> !token.isEmpty()).map(Position::new));
    }

    /**
     * The message of a dead letter for another round: for its group alone, and under an id of its
     * own, because a broker that recognises ids would take it for the one it has stored already.
     * The id follows from the letter, so that a crash in between makes no second one there.
     */
    static Message redriven(DeadLetter letter, Message stored) {
        Message message = letter.message();
        Headers headers = message.headers().with(REDRIVE_GROUP, letter.group());
        MessageBuilder copy = copy(message, letter.topic());
        if (message.id().isPresent()) {
            headers = headers.with(REDRIVE_ID, message.id().get());
        }
        stored.id().ifPresent(id -> copy.id("redrive-" + digest(id)));
        return copy.headers(headers).build();
    }

    /** The lasting parts of a message: without its headers, its id, and what has run its time. */
    private static MessageBuilder copy(Message message, String topic) {
        MessageBuilder copy =
                Message.to(topic).payload(message.payload()).timestamp(message.timestamp());
        message.key().ifPresent(copy::key);
        message.priority().ifPresent(copy::priority);
        message.replyTo().ifPresent(copy::replyTo);
        message.correlationId().ifPresent(copy::correlationId);
        return copy;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static String digest(String... parts) {
        try {
            var sha = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                sha.update(part.getBytes(StandardCharsets.UTF_8));
                sha.update((byte) 0);
            }
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
