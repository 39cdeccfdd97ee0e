// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Standard output with a buffer, which tells when nobody reads any more. One thread uses it. */
final class Output {

    private final OutputStream out;

    Output(OutputStream out) {
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    /** The reader of a pipe has gone. */
    static final class ClosedException extends IOException {
        private static final long serialVersionUID = 1L;

        ClosedException(IOException cause) {
            super(cause);
        }
    }

    void text(String text) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    void line(String text) throws IOException {
        text(text);
        endLine();
    }

    void bytes(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw told(e);
        }
    }

    void endLine() throws IOException {
        bytes(new byte[] {'\n'});
    }

    void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw told(e);
        }
    }

    private static IOException told(IOException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("Broken pipe") || text.contains("Connection reset")
                ? new ClosedException(e)
                : e;
    }
}
