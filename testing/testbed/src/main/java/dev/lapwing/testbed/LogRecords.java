// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/**
 * All that is logged in this process while this is open, on every level, by {@code
 * java.util.logging}. Safe for use by many threads.
 */
public final class LogRecords implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final List<LogRecord> seen = new CopyOnWriteArrayList<>();
    private final Handler ear = new Ear();

    /** Begins to listen. */
    public LogRecords() {
        ear.setLevel(Level.ALL);
        root.addHandler(ear);
        root.setLevel(Level.ALL);
    }

    /** The records with their stack traces. */
    public String text() {
        var format = new SimpleFormatter();
        return seen.stream().map(format::format).collect(Collectors.joining());
    }

    @Override
    public void close() {
        root.setLevel(before);
        root.removeHandler(ear);
    }

    private final class Ear extends Handler {
        @Override
        public void publish(LogRecord logged) {
            seen.add(logged);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
