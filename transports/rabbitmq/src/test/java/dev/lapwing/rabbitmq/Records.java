// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;

/** All that is logged in this process meanwhile, on every level. */
final class Records extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final List<LogRecord> seen = new CopyOnWriteArrayList<>();

    private Records() {}

    static Records ofEverything() {
        var records = new Records();
        records.setLevel(Level.ALL);
        records.root.addHandler(records);
        records.root.setLevel(Level.ALL);
        return records;
    }

    /** The records with their stack traces. */
    String text() {
        var format = new SimpleFormatter();
        return seen.stream().map(format::format).collect(Collectors.joining());
    }

    @Override
    public void publish(LogRecord logged) {
        seen.add(logged);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.setLevel(before);
        root.removeHandler(this);
    }
}
