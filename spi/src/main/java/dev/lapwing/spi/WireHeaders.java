// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Message;

/**
 * Names of the headers that carry what a broker has no place of its own for. Where it has one, a
 * message id property for instance, that is used and not these. All values are text.
 */
public final class WireHeaders {

    /** The message id. */
    public static final String ID = "lapwing-id";

    /** The message key. */
    public static final String KEY = "lapwing-key";

    /** When it was published: milliseconds since 1970 UTC, decimal. */
    public static final String TIME = "lapwing-time";

    /** Time to live in milliseconds, decimal. */
    public static final String TIME_TO_LIVE = "lapwing-ttl";

    /** The priority, decimal. */
    public static final String PRIORITY = "lapwing-priority";

    /** Where replies go. */
    public static final String REPLY_TO = "lapwing-reply-to";

    /** What ties a reply to its request. */
    public static final String CORRELATION_ID = "lapwing-correlation-id";

    /** What all of them, and the headers of dead letters, begin with. */
    public static final String PREFIX = "lapwing-";

    private static final long JUST_NOW_MILLIS = 1_000;

    private WireHeaders() {}

    /**
     * Whether a message has to tell its time. Of one that was made within a second of now, the time
     * of the broker or of the arrival says as much.
     *
     * @param nowMillis the time of sending, in milliseconds since 1970 UTC
     */
    public static boolean tellsTime(Message message, long nowMillis) {
        return Math.abs(nowMillis - message.timestamp().toEpochMilli()) > JUST_NOW_MILLIS;
    }
}
