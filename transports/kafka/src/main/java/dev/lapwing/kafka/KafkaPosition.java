// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.Position;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * How far a reader has come in each partition: what a position's token means. Written {@code
 * partition:offset}, joined by commas; where several topics are read, {@code topic/} with Kafka's
 * name stands before the first partition of each. What gets too long is deflated and written in
 * Base64 behind a tilde. A partition that is not named was not read at all.
 */
final class KafkaPosition {

    private static final int LONGEST = 1024;
    private static final char PACKED = '~';
    private static final int MOST_BYTES = 1 << 20;

    /** The topic that stands for "the one that is read". */
    private static final String ONLY = "";

    /** By Kafka's name of the topic, then by partition: the last offset that was read. */
    private final Map<String, Map<Integer, Long>> read = new TreeMap<>();

    /** Notes the last offset that was read; a negative one says that nothing was. */
    void passed(String kafkaTopic, int partition, long offset) {
        if (offset >= 0) {
            read.computeIfAbsent(kafkaTopic, any -> new TreeMap<>()).put(partition, offset);
        }
    }

    /** The partitions and offsets of a topic; those of a token without topics are anyone's. */
    Map<Integer, Long> of(String kafkaTopic) {
        return read.getOrDefault(kafkaTopic, read.getOrDefault(ONLY, Map.of()));
    }

    /** The place of one message. */
    static Position single(int partition, long offset) {
        return new Position(partition + ":" + offset);
    }

    /** The token; empty where nothing was read, or what there is to say gets too long. */
    Optional<Position> position(boolean oneTopic) {
        String text = oneTopic ? offsets(read.values().iterator()) : text();
        if (text.length() > LONGEST) {
            text = PACKED + pack(text);
        }
        return text.isEmpty() || text.length() > LONGEST
                ? Optional.empty()
                : Optional.of(new Position(text));
    }

    private static String offsets(java.util.Iterator<Map<Integer, Long>> topics) {
        return topics.hasNext() ? joined(topics.next()) : "";
    }

    private static String joined(Map<Integer, Long> offsets) {
        var text = new StringBuilder();
        offsets.forEach((partition, offset) ->
                text.append(text.isEmpty() ? "" : ",")
                        .append(partition)
                        .append(':')
                        .append(offset));
        return text.toString();
    }

    private String text() {
        var text = new StringBuilder();
        read.forEach((topic, offsets) ->
                text.append(text.isEmpty() ? "" : ",")
                        .append(topic)
                        .append('/')
                        .append(joined(offsets)));
        return text.toString();
    }

    /**
     * Reads a token.
     *
     * @throws InvalidPositionException if it is not one of this transport's
     */
    static KafkaPosition parse(Position position) {
        String token = position.token();
        try {
            return read(token.charAt(0) == PACKED ? unpack(token.substring(1)) : token);
        } catch (IllegalArgumentException | IOException e) {
            throw new InvalidPositionException(
                    "Position '%s' is not one of the transport kafka; give back a position as it was delivered, such as 0:15,1:27"
                            .formatted(token),
                    e);
        }
    }

    private static KafkaPosition read(String text) {
        var position = new KafkaPosition();
        String topic = ONLY;
        for (String part : text.split(",", -1)) {
            int slash = part.indexOf('/');
            topic = slash < 0 ? topic : part.substring(0, slash);
            int colon = part.indexOf(':', slash + 1);
            if (colon < 0) {
                throw new IllegalArgumentException("no offset");
            }
            int partition = Integer.parseInt(part.substring(slash + 1, colon));
            long offset = Long.parseLong(part.substring(colon + 1));
            if (partition < 0 || offset < 0) {
                throw new IllegalArgumentException("negative");
            }
            position.passed(topic, partition, offset);
        }
        return position;
    }

    private static String pack(String text) {
        var bytes = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(bytes)) {
            deflater.write(text.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
    }

    private static String unpack(String packed) throws IOException {
        try (var inflater =
                new InflaterInputStream(
                        new ByteArrayInputStream(Base64.getUrlDecoder().decode(packed)))) {
            return new String(inflater.readNBytes(MOST_BYTES), StandardCharsets.US_ASCII);
        }
    }
}
