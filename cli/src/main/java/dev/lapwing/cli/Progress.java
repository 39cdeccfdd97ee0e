// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

import java.io.PrintWriter;

/** Shows a person how far a command is. */
interface Progress extends AutoCloseable {

    /** So many bytes are done. */
    void add(long bytes);

    /** Prints a line without tearing the display. */
    default void message(PrintWriter err, String line) {
        err.println(line);
    }

    /** Ends the display. Closing twice does nothing. */
    @Override
    void close();

    /**
     * A display on standard error, if that is a terminal.
     *
     * @param bytes how many there will be; -1 where that is not known
     */
    static Progress of(Streams streams, boolean quiet, long bytes) {
        return quiet || !streams.errIsTerminal() || streams.inIsTerminal() && bytes < 0
                ? new None()
                : new Bar(bytes);
    }

    /** Nobody looks. */
    final class None implements Progress {
        @Override
        public void add(long bytes) {}

        @Override
        public void close() {}
    }

    /** A bar, or only a count where the end is not known. */
    final class Bar implements Progress {
        private final ProgressBar bar;

        Bar(long bytes) {
            bar =
                    new ProgressBarBuilder()
                            .setTaskName("Publishing")
                            .setInitialMax(bytes)
                            .setUnit(" KiB", 1024)
                            .setStyle(ProgressBarStyle.ASCII)
                            .setUpdateIntervalMillis(200)
                            .showSpeed()
                            .build();
        }

        @Override
        public void add(long bytes) {
            bar.stepBy(bytes);
        }

        @Override
        public void message(PrintWriter err, String line) {
            err.println("\r\033[K" + line);
        }

        @Override
        public void close() {
            bar.close();
        }
    }
}
