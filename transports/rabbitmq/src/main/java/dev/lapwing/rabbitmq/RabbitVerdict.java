// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells messages without a confirm how they end when their channel does. RabbitMQ ends a channel
 * for one message that it does not take: that one is refused, those before it are unknown, and
 * those behind it were thrown away unread.
 */
final class RabbitVerdict {
    private static final Pattern SIZE = Pattern.compile("message size (\\d{1,18})");

    private RabbitVerdict() {}

    /** Tells each, in the order in which they were sent. */
    static void tell(List<RabbitOutgoing> open, ShutdownSignalException cause) {
        String reason = RabbitErrors.reason(cause);
        int culprit = culprit(open, cause, reason);
        for (int at = 0; at < open.size(); at++) {
            if (culprit < 0 || at < culprit) {
                open.get(at).unknown("the channel ended before its confirm: " + reason);
            } else if (at == culprit) {
                open.get(at).refused(reason, false);
            } else {
                open.get(at).refused("not read, for the message before it: " + reason, true);
            }
        }
    }

    private static int culprit(
            List<RabbitOutgoing> open, ShutdownSignalException cause, String reason) {
        if (cause.isHardError() || cause.isInitiatedByApplication()) {
            return -1;
        }
        return switch (RabbitErrors.code(cause)) {
            case AMQP.PRECONDITION_FAILED -> {
                Matcher size = SIZE.matcher(reason);
                long bytes = size.find() ? Long.parseLong(size.group(1)) : -1;
                yield first(open, each -> each.body().length == bytes);
            }
            case AMQP.ACCESS_REFUSED, AMQP.NOT_FOUND -> {
                int named = first(open, each -> reason.contains("'" + each.routingKey() + "'"));
                yield named >= 0
                        ? named
                        : first(open, each -> reason.contains("'" + each.exchange() + "'"));
            }
            default -> -1;
        };
    }

    private static int first(List<RabbitOutgoing> open, Predicate<RabbitOutgoing> sought) {
        for (int at = 0; at < open.size(); at++) {
            if (sought.test(open.get(at))) {
                return at;
            }
        }
        return -1;
    }
}
