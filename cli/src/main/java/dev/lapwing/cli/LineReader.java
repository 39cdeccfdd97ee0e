// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads lines as bytes, without their ends. Of a line over the limit it keeps no more than one byte
 * over it: enough to be refused.
 */
final class LineReader {

    private final InputStream in;
    private final int limit;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /**
     * A reader.
     *
     * @param in buffered
     * @param limit how long a line may be, in bytes
     */
    LineReader(InputStream in, int limit) {
        this.in = in;
        this.limit = limit;
    }

    /** The next line; empty at the end. A last line need not have an end. */
    Optional<byte[]> next() throws IOException {
        line.reset();
        int read = in.read();
        if (read < 0) {
            return Optional.empty();
        }
        boolean carriageReturn = false;
        while (read >= 0 && read != '\n') {
            if (carriageReturn) {
                keep('\r');
            }
            carriageReturn = read == '\r';
            if (!carriageReturn) {
                keep(read);
            }
            read = in.read();
        }
        if (carriageReturn && read < 0) {
            keep('\r');
        }
        return Optional.of(line.toByteArray());
    }

    private void keep(int b) {
        if (line.size() <= limit) {
            line.write(b);
        }
    }
}
