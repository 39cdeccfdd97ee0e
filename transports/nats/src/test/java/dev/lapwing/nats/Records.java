// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** All that this JVM logs while this is open, at every level. */
final class Records extends Handler implements AutoCloseable {

    private final Logger root = Logger.getLogger("");
    private final Level before = root.getLevel();
    private final List<String> texts = new CopyOnWriteArrayList<>();

    Records() {
        setLevel(Level.ALL);
        root.setLevel(Level.ALL);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord each) {
        var text = new StringWriter();
        text.append(each.getMessage()).append(' ');
        if (each.getParameters() != null) {
            text.append(List.of(each.getParameters()).toString());
        }
        if (each.getThrown() != null) {
            each.getThrown().printStackTrace(new PrintWriter(text));
        }
        texts.add(text.toString());
    }

    void assertSomethingButNever(String secret) {
        assertThat(texts).isNotEmpty().noneMatch(text -> text.contains(secret));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
        root.setLevel(before);
    }
}
