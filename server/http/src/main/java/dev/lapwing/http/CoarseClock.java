// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as of its last refresh: good enough for time-outs, and free. For one thread. */
final class CoarseClock {
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private long nanos;
    private long second;
    private byte[] dateLine = {};

    CoarseClock() {
        refresh();
    }

    void refresh() {
        nanos = System.nanoTime();
        long wall = System.currentTimeMillis() / 1000;
        if (wall != second) {
            second = wall;
            String date = HTTP_DATE.format(Instant.ofEpochSecond(wall));
            dateLine = ("date: " + date + "\r\n").getBytes(StandardCharsets.US_ASCII);
        }
    }

    /** As {@link System#nanoTime} told it. */
    long nanos() {
        return nanos;
    }

    /** The header line with the date, and its line end. */
    byte[] dateLine() {
        return dateLine;
    }
}
