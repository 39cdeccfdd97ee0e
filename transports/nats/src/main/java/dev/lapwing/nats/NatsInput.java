// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the server sends, with headers that the client can read. Its reader ends, and with it the
 * link, at a header that is not printable ASCII; since such a message comes again, a group would
 * never get past it. Here these names and values become encoded words ({@link NatsText}), as
 * Lapwing writes them itself. All else passes as it is. Owned by the thread that reads.
 */
final class NatsInput extends InputStream {

    private static final int FIRST_SIZE = 1 << 16;

    /** Twice what a server takes at the most, for a line and the headers behind it. */
    private static final int LARGEST_SIZE = 1 << 27;

    private final InputStream source;
    private byte[] bytes = new byte[FIRST_SIZE];

    /**
     * What may be handed over ends at {@code safe}, what was looked at too; what is here at end.
     */
    private int begin;

    private int safe;
    private int end;

    /** How many bytes of a payload are still to come. */
    private long payload;

    NatsInput(InputStream source) {
        this.source = source;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        while (begin == safe) {
            makeRoom();
            int more = source.read(bytes, end, bytes.length - end);
            if (more < 0) {
                return -1;
            }
            end += more;
            look();
        }
        int count = Math.min(most, safe - begin);
        System.arraycopy(bytes, begin, target, offset, count);
        begin += count;
        return count;
    }

    private void makeRoom() throws IOException {
        System.arraycopy(bytes, begin, bytes, 0, end - begin);
        end -= begin;
        safe -= begin;
        begin = 0;
        if (end >= LARGEST_SIZE) {
            throw new IOException(
                    "NATS sent more than %d bytes without the end of a line or of headers"
                            .formatted(LARGEST_SIZE));
        }
        if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, bytes.length * 2);
        }
    }

    /** Looks how far what is here may be handed over: not in the middle of a line or of headers. */
    private void look() {
        while (safe < end) {
            if (payload > 0) {
                int here = (int) Math.min(payload, end - safe);
                payload -= here;
                safe += here;
                continue;
            }
            int line = safe;
            int next = lineEnd(line);
            if (next < 0) {
                return;
            }
            switch (bytes[line]) {
                case 'M' -> {
                    payload = number(next - 2) + 2;
                    safe = next;
                }
                case 'H' -> {
                    if (!headers(line, next)) {
                        return;
                    }
                }
                default -> safe = next;
            }
        }
    }

    /** Where the line behind this one begins; negative if its end is not here yet. */
    private int lineEnd(int from) {
        for (int at = from; at < end; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return -1;
    }

    /** The number that ends before this place; zero if there is none. */
    private long number(int to) {
        long number = 0;
        for (int at = wordBegin(to); at < to; at++) {
            number = number * 10 + (bytes[at] - '0');
        }
        return number;
    }

    private int wordBegin(int to) {
        int at = to;
        while (at > begin && bytes[at - 1] >= '0' && bytes[at - 1] <= '9') {
            at--;
        }
        return at;
    }

    /** Takes {@code HMSG subject sid [reply] HEADERS TOTAL}; false if its headers are not here. */
    private boolean headers(int line, int next) {
        int totalAt = wordBegin(next - 2);
        long total = number(next - 2);
        int size = (int) number(totalAt - 1);
        if (end - next < size) {
            return false;
        }
        if (isPlain(next, next + size)) {
            safe = next + size;
        } else {
            byte[] readable = readable(new String(bytes, next, size, StandardCharsets.ISO_8859_1));
            String lengths = readable.length + " " + (total - size + readable.length) + "\r\n";
            replace(wordBegin(totalAt - 1), next + size, lengths, readable);
        }
        payload = total - size + 2;
        return true;
    }

    /** Whether there is nothing in between that the client cannot read. */
    private boolean isPlain(int from, int to) {
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b < ' ' && b != '\r' && b != '\n' && b != '\t' || b == 127) {
                return false;
            }
        }
        return true;
    }

    private void replace(int from, int to, String lengths, byte[] headers) {
        byte[] start = lengths.getBytes(StandardCharsets.US_ASCII);
        int behind = end - to;
        int place = from + start.length + headers.length;
        var all = new byte[Math.max(bytes.length, place + behind)];
        System.arraycopy(bytes, 0, all, 0, from);
        System.arraycopy(start, 0, all, from, start.length);
        System.arraycopy(headers, 0, all, from + start.length, headers.length);
        System.arraycopy(bytes, to, all, place, behind);
        bytes = all;
        safe = place;
        end = place + behind;
    }

    /** The same headers, with encoded words; lines that are none are left out. */
    private static byte[] readable(String headers) {
        var out = new ByteArrayOutputStream(headers.length() * 2);
        String[] lines = headers.split("\r\n");
        write(out, lines[0]);
        for (int at = 1; at < lines.length; at++) {
            int colon = lines[at].indexOf(':');
            if (colon > 0) {
                String name = lines[at].substring(0, colon);
                write(out, word(name) + ":" + word(lines[at].substring(colon + 1).strip()));
            }
        }
        write(out, "");
        return out.toByteArray();
    }

    /** Each char is one byte of the wire. */
    private static String word(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= '~')
                ? text
                : NatsText.encode(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void write(ByteArrayOutputStream out, String line) {
        out.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
