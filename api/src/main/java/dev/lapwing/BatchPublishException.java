// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;

/** At least one message of a batch is not known to be stored. */
public final class BatchPublishException extends PublishException {
    private static final long serialVersionUID = 1L;

    private final transient List<PublishResult> results;

    /** An error with the result of every message, in the order they were given. */
    public BatchPublishException(List<PublishResult> results) {
        super(summary(results));
        this.results = List.copyOf(results);
    }

    /** The result of every message, in the order they were given. */
    public List<PublishResult> results() {
        return results;
    }

    private static String summary(List<PublishResult> results) {
        long stored = results.stream().filter(PublishResult.Stored.class::isInstance).count();
        String first =
                results.stream()
                        .filter(result -> !(result instanceof PublishResult.Stored))
                        .findFirst()
                        .map(Object::toString)
                        .orElse("none");
        return "%d of %d messages are stored; the first that is not: %s"
                .formatted(stored, results.size(), first);
    }
}
