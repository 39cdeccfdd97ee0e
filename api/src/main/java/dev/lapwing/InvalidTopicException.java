// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Locale;

/** The name of a topic or a pattern breaks a rule of {@link TopicName}; nothing was sent. */
public final class InvalidTopicException extends InvalidMessageException {
    private static final long serialVersionUID = 1L;

    private final String topic;

    /**
     * An error about a name.
     *
     * @param topic the name as it was given
     * @param problem what is wrong, to stand behind the name: "is empty"
     */
    public InvalidTopicException(String topic, String problem) {
        super("Topic '%s' %s".formatted(printable(topic), problem));
        this.topic = topic;
    }

    /** The name as it was given. */
    public String topic() {
        return topic;
    }

    private static String printable(String name) {
        var text = new StringBuilder();
        name.codePoints()
                .limit(80)
                .forEach(c -> {
                    if (Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE) {
                        text.append("\\u").append("%04x".formatted(c).toLowerCase(Locale.ROOT));
                    } else {
                        text.appendCodePoint(c);
                    }
                });
        return name.length() > 80 ? text.append('…').toString() : text.toString();
    }
}
