// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names of topics as Kafka takes them. A name of ASCII letters, digits, dots, dashes and
 * underscores stays as it is. Everything else is written {@code _x} with the code points of the run
 * in hexadecimal, joined by dashes, and a closing underscore: {@code 订单} becomes {@code
 * _x8ba2-5355_}. What looks like such an escape by itself has its underscore escaped.
 *
 * <p>Kafka takes 249 characters. A name that is longer is cut and given its hash; only a process
 * that has used the whole name can tell it again. Safe for use by many threads.
 */
final class KafkaNames {

    /** The longest name that Kafka takes, in characters. */
    static final int LONGEST = 249;

    private static final String HASHED = "._h.";
    private static final int KEPT = 180;
    private static final int HASH_LENGTH = 40;

    /** With partition and offset behind it an id of at most 255 characters. */
    private static final int LONGEST_BRIEF = 220;

    private static final Pattern ESCAPE = Pattern.compile("_x([0-9a-f]{1,6}(?:-[0-9a-f]{1,6})*)_");
    private static final Pattern NEEDS = Pattern.compile("[^A-Za-z0-9._-]+|_(?=x[0-9a-f-]+_)");

    private final Map<String, String> natives = new ConcurrentHashMap<>();
    private final Map<String, String> shortened = new ConcurrentHashMap<>();

    /** The name that Kafka has for a topic. */
    String toKafka(String topic) {
        return natives.computeIfAbsent(topic, this::encode);
    }

    /** The topic that a name of Kafka's stands for. */
    String toTopic(String kafka) {
        String whole = shortened.get(kafka);
        return whole != null ? whole : decode(kafka);
    }

    private String encode(String topic) {
        String escaped = escape(topic);
        if (escaped.length() <= LONGEST) {
            return escaped;
        }
        String cut = escaped.substring(0, KEPT) + HASHED + hash(topic);
        shortened.put(cut, topic);
        return cut;
    }

    /** A name of Kafka's as a part of an id: cut where it is too long. */
    static String brief(String kafka) {
        return kafka.length() <= LONGEST_BRIEF
                ? kafka
                : kafka.substring(0, LONGEST_BRIEF - HASH_LENGTH) + hash(kafka);
    }

    static String escape(String topic) {
        return NEEDS.matcher(topic).replaceAll(run -> escapedRun(run.group()));
    }

    private static String escapedRun(String run) {
        return run.codePoints()
                .mapToObj(Integer::toHexString)
                .collect(Collectors.joining("-", "_x", "_"));
    }

    static String decode(String kafka) {
        Matcher escape = ESCAPE.matcher(kafka);
        var text = new StringBuilder();
        int from = 0;
        while (escape.find()) {
            text.append(kafka, from, escape.start());
            for (String point : escape.group(1).split("-")) {
                int number = Integer.parseInt(point, 16);
                text.appendCodePoint(Character.isValidCodePoint(number) ? number : 0xFFFD);
            }
            from = escape.end();
        }
        return text.append(kafka, from, kafka.length()).toString();
    }

    private static String hash(String topic) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(topic.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
