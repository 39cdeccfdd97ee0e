// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Message;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * The address where this connection awaits replies. Each request has a subject of its own below it,
 * which holds its correlation id, so that a responder needs to know no header. Safe for use by many
 * threads.
 */
final class NatsReplyAddress {

    private volatile @Nullable String address;

    void open(String inbox) {
        address = inbox;
    }

    /** Where the reply to a message goes; null if none is awaited. */
    @Nullable String of(Message message) {
        String replyTo = message.replyTo().orElse(null);
        if (replyTo == null || !replyTo.equals(address)) {
            return replyTo;
        }
        return message.correlationId()
                .map(correlation -> replyTo + "." + NatsNames.escape(correlation))
                .orElse(replyTo);
    }

    /** The correlation id in the subject of a reply. */
    Optional<String> correlation(String subject) {
        String prefix = address + ".";
        return subject.startsWith(prefix)
                ? NatsNames.unescape(subject.substring(prefix.length()))
                : Optional.empty();
    }
}
