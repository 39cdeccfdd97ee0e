// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The bare replay, a process of its own: one loop that reads the segments of an embedded log from
 * end to end, checks every checksum and decodes every message, and hands it to nobody. The layout
 * is that of docs/log-format.md.
 */
@Command(name = "bare-replay")
final class BareReplay implements Callable<Integer> {
    private static final int SEGMENT_HEADER = 1024;
    private static final int CHUNK_MAGIC = 0x4C57434B;
    private static final int CHUNK_HEADER = 96;
    private static final int RECORD_HEADER = 8;
    private static final int MESSAGE_HEADER = 10;
    private static final int BUFFER = 1 << 20;

    @Option(names = "--data", required = true)
    private Path data = Path.of("");

    /** How many messages there are; any other count fails the run. */
    @Option(names = "--messages", required = true)
    private long messages;

    @Option(names = "--bytes", defaultValue = "100")
    private int bytes;

    private final CRC32C checksum = new CRC32C();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BUFFER);
    private long decoded;
    private @Nullable Decoded last;

    /** A decoded message. */
    private record Decoded(long position, long micros, byte[] payload) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BareReplay()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException {
        List<Path> segments;
        try (Stream<Path> files = Files.list(data)) {
            segments = files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
        long start = System.nanoTime();
        for (Path segment : segments) {
            replay(segment);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (decoded != messages) {
            System.err.printf(
                    "bare-replay: %d messages instead of %d, the last %s%n",
                    decoded, messages, last);
            return 1;
        }
        Result.of("messages_per_second", messages / seconds).print();
        return 0;
    }

    private void replay(Path segment) throws IOException {
        try (FileChannel file = FileChannel.open(segment)) {
            file.position(SEGMENT_HEADER);
            buffer.clear();
            while (file.read(buffer) > 0) {
                buffer.flip();
                while (chunkIsWhole()) {
                    chunk();
                }
                buffer.compact();
            }
        }
    }

    private boolean chunkIsWhole() {
        int at = buffer.position();
        return buffer.remaining() >= CHUNK_HEADER
                && buffer.getInt(at) == CHUNK_MAGIC
                && buffer.remaining() >= CHUNK_HEADER + buffer.getInt(at + 12);
    }

    private void chunk() throws IOException {
        int at = buffer.position();
        int headerChecksum = buffer.getInt(at + 4);
        check(checksum(at + 8, at + CHUNK_HEADER) == headerChecksum, at);
        int count = buffer.getInt(at + 20);
        long position = buffer.getLong(at + 24);
        int next = at + CHUNK_HEADER;
        int end = next + buffer.getInt(at + 12);
        for (int record = 0; record < count; record++) {
            int length = buffer.getInt(next);
            int body = next + RECORD_HEADER;
            int expected = buffer.getInt(next + 4) ^ headerChecksum ^ (length * 0x9E3779B1);
            check(checksum(body, body + length) == expected, next);
            if (length == MESSAGE_HEADER + bytes) {
                last = decode(position + record, body);
                decoded++;
            }
            next = body + length;
        }
        check(next == end, at);
        buffer.position(end);
    }

    private int checksum(int from, int to) {
        int limit = buffer.limit();
        int position = buffer.position();
        checksum.reset();
        checksum.update(buffer.limit(to).position(from));
        buffer.limit(limit).position(position);
        return (int) checksum.getValue();
    }

    private Decoded decode(long position, int body) {
        byte[] payload = new byte[bytes];
        buffer.get(body + MESSAGE_HEADER, payload);
        return new Decoded(position, buffer.getLong(body + 2), payload);
    }

    private static void check(boolean good, int at) throws IOException {
        if (!good) {
            throw new IOException("damage at " + at + " of the buffer");
        }
    }
}
