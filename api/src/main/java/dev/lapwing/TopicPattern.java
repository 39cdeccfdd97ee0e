// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;

/**
 * A topic or a pattern: {@code *} stands for exactly one word, {@code >} for one or more words at
 * the end. A pattern that begins with a wildcard does not match topics that Lapwing keeps for
 * itself (first word beginning with {@code _}). Immutable.
 */
public final class TopicPattern {

    private final String text;
    private final List<String> words;
    private final boolean wild;

    private TopicPattern(String text, List<String> words, boolean wild) {
        this.text = text;
        this.words = words;
        this.wild = wild;
    }

    /**
     * Reads a topic or a pattern.
     *
     * @throws InvalidTopicException if it is neither; says what is wrong with it
     */
    public static TopicPattern parse(String text) {
        TopicName.checkCharacters(text, "topic or pattern");
        List<String> words = List.of(text.split("\\.", -1));
        boolean wild = false;
        for (int at = 0; at < words.size(); at++) {
            wild |= isWildcard(text, words.get(at), at == words.size() - 1);
        }
        return new TopicPattern(text, words, wild);
    }

    private static boolean isWildcard(String text, String word, boolean last) {
        boolean holdsWildcard = word.indexOf('*') >= 0 || word.indexOf('>') >= 0;
        if (holdsWildcard && word.length() > 1) {
            throw new InvalidTopicException(
                    text,
                    "has a wildcard inside the word '"
                            + word
                            + "'; a wildcard is a word of its own");
        }
        if (word.equals(">") && !last) {
            throw new InvalidTopicException(text, "has '>' before its end; '>' is the last word");
        }
        return holdsWildcard;
    }

    /** Whether it has a wildcard: otherwise it is the name of one topic. */
    public boolean isPattern() {
        return wild;
    }

    /** Whether a topic's name matches. */
    public boolean matches(String topic) {
        if (!wild) {
            return text.equals(topic);
        }
        if (TopicName.isReserved(topic) && !TopicName.isReserved(text)) {
            return false;
        }
        return matchesWords(topic);
    }

    private boolean matchesWords(String topic) {
        int from = 0;
        for (String word : words) {
            if (from > topic.length()) {
                return false;
            }
            if (word.equals(">")) {
                return true;
            }
            int dot = topic.indexOf('.', from);
            int end = dot < 0 ? topic.length() : dot;
            if (!word.equals("*")
                    && !topic.regionMatches(from, word, 0, Math.max(word.length(), end - from))) {
                return false;
            }
            from = end + 1;
        }
        return from > topic.length();
    }

    /** The words between the dots. */
    public List<String> words() {
        return words;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicPattern pattern && pattern.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text it was read from. */
    @Override
    public String toString() {
        return text;
    }
}
