// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.FsyncPolicy;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;
import java.util.List;

/**
 * The options of a connection to the log.
 *
 * @param fsync when a message counts as stored
 * @param segmentBytes the size of a file of the log, in bytes
 * @param dedupeWindow how long an id is remembered
 * @param dedupeIds how many ids are remembered at the most
 * @param retentionAge how long messages are kept; zero: for ever
 * @param retentionBytes how many bytes of each topic are kept; 0: all
 * @param retentionCount how many messages of each topic are kept; 0: all
 * @param totalBytes how many bytes of all topics are kept; 0: all
 */
record EmbeddedOptions(
        FsyncPolicy fsync,
        int segmentBytes,
        Duration dedupeWindow,
        int dedupeIds,
        Duration retentionAge,
        long retentionBytes,
        long retentionCount,
        long totalBytes) {

    private static final String ALWAYS = "always";
    private static final String INTERVAL = "every-100ms-may-lose-recent";
    private static final String NEVER = "never-may-lose-any";

    private static final int DISK_SEGMENT = 64 << 20;
    private static final int MEMORY_SEGMENT = 16 << 20;
    private static final long MEMORY_TOTAL = 256L << 20;

    static final List<TransportOption> OPTIONS =
            List.of(
                    new TransportOption(
                            "fsync",
                            ALWAYS + " | " + INTERVAL + " | " + NEVER,
                            ALWAYS,
                            "When a message counts as stored: after it was forced to the disk"
                                    + " (always), or before, so that a crash of the machine loses"
                                    + " what the name says; a crash of the process loses nothing in"
                                    + " any case."),
                    new TransportOption(
                            "segment-bytes",
                            "a size from 16KiB to 512MiB",
                            "64MiB (memory: 16MiB)",
                            "The size of one file of the log; a message may take an eighth of it."),
                    new TransportOption(
                            "dedupe-window",
                            "a duration up to 7d; 0s: no deduplication",
                            "2m",
                            "How long the id of a message is remembered, so that publishing it"
                                    + " again to the same topic stores nothing."),
                    new TransportOption(
                            "dedupe-ids",
                            "a number from 1 to 10000000",
                            "100000",
                            "How many ids are remembered at the most; the oldest are forgotten"
                                    + " first, even within the window."),
                    new TransportOption(
                            "retention-age",
                            "a duration such as 7d; 0s: for ever",
                            "0s",
                            "How long messages are kept, by the log's own clock."),
                    new TransportOption(
                            "retention-bytes",
                            "a size such as 10GiB; 0: all",
                            "0",
                            "How many bytes of each topic are kept, the newest first."),
                    new TransportOption(
                            "retention-count",
                            "a number; 0: all",
                            "0",
                            "How many messages of each topic are kept, the newest first."),
                    new TransportOption(
                            "retention-total-bytes",
                            "a size such as 100GiB; 0: all",
                            "0 (memory: 256MiB)",
                            "How many bytes of all topics together are kept; beyond, the largest"
                                    + " topics lose their oldest messages."));

    /**
     * Reads the options of a URI.
     *
     * @throws dev.lapwing.InvalidUriException if a value is not valid
     */
    static EmbeddedOptions of(TransportUri uri, int maxPayloadBytes) {
        boolean memory = uri.scheme().equals(EmbeddedProvider.MEMORY);
        int standard =
                Math.max(memory ? MEMORY_SEGMENT : DISK_SEGMENT, segmentFor(maxPayloadBytes));
        return new EmbeddedOptions(
                switch (uri.choice("fsync", ALWAYS, List.of(ALWAYS, INTERVAL, NEVER))) {
                    case INTERVAL -> FsyncPolicy.EVERY_INTERVAL_MAY_LOSE_RECENT;
                    case NEVER -> FsyncPolicy.NEVER_MAY_LOSE_ANY;
                    default -> FsyncPolicy.ALWAYS;
                },
                (int) bytes(uri, "segment-bytes", standard, 16 << 10, 512 << 20),
                duration(uri, "dedupe-window", Duration.ofMinutes(2), Duration.ofDays(7)),
                (int) uri.number("dedupe-ids", 100_000, 1, 10_000_000),
                duration(uri, "retention-age", Duration.ZERO, Duration.ofDays(36500)),
                bytes(uri, "retention-bytes", 0, 0, Long.MAX_VALUE),
                uri.number("retention-count", 0, 0, Long.MAX_VALUE),
                bytes(uri, "retention-total-bytes", memory ? MEMORY_TOTAL : 0, 0, Long.MAX_VALUE));
    }

    /** The smallest power of two of which a message with this payload takes less than an eighth. */
    private static int segmentFor(int maxPayloadBytes) {
        long need = 8L * (maxPayloadBytes + (128L << 10));
        return (int) Math.min(512 << 20, Long.highestOneBit(need - 1) << 1);
    }

    private static long bytes(TransportUri uri, String name, long standard, long least, long most) {
        long value = uri.bytes(name, standard);
        if (value < least || value > most) {
            throw invalid(uri, name, "a size from %d to %d bytes".formatted(least, most));
        }
        return value;
    }

    private static Duration duration(
            TransportUri uri, String name, Duration standard, Duration most) {
        Duration value = uri.duration(name, standard);
        if (value.compareTo(most) > 0) {
            throw invalid(uri, name, "a duration of at most %d days".formatted(most.toDays()));
        }
        return value;
    }

    private static dev.lapwing.InvalidUriException invalid(
            TransportUri uri, String name, String need) {
        return new dev.lapwing.InvalidUriException(
                "Option '%s' is '%s' in %s; it must be %s"
                        .formatted(name, uri.option(name).orElse(""), uri, need));
    }
}
