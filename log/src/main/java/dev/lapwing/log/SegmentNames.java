// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.OptionalLong;

/** The names of the files of a log: sixteen hexadecimal digits, and what kind it is. */
final class SegmentNames {
    static final String LOG = ".log";
    static final String INDEX = ".index";
    static final String COMPACTING = ".compacting";
    static final String QUARANTINE = ".quarantine";

    /** The file that will be the next segment. */
    static final String SPARE = "spare";

    private SegmentNames() {}

    static String log(long id) {
        return "%016x%s".formatted(id, LOG);
    }

    static String index(long id) {
        return "%016x%s".formatted(id, INDEX);
    }

    static String compacting(long id) {
        return "%016x%s".formatted(id, COMPACTING);
    }

    /** A copy of damaged bytes of a segment, from this offset on. */
    static String quarantine(long id, long offset) {
        return "%016x-%08x%s".formatted(id, offset, QUARANTINE);
    }

    /** The number in a name of this kind; empty for any other name. */
    static OptionalLong id(String name, String kind) {
        if (name.length() != 16 + kind.length() || !name.endsWith(kind)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(name.substring(0, 16), 16));
        } catch (NumberFormatException foreignFile) {
            return OptionalLong.empty();
        }
    }
}
