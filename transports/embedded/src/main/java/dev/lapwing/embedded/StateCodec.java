// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.TopicPattern;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** How state records look in the log, version 1: {@code version u8, kind u8, fields}. */
final class StateCodec {
    private static final byte VERSION = 1;

    private StateCodec() {}

    static byte[] encode(StateRecord change) {
        var bytes = new ByteArrayOutputStream(32);
        try {
            var output = new Output(bytes);
            output.writeByte(VERSION);
            switch (change) {
                case StateRecord.Identity it ->
                        output.kind(1).number(it.highestNumber()).text(it.log());
                case StateRecord.Running it -> output.kind(2).number(it.closed() ? 1 : 0);
                case StateRecord.TopicCreated it ->
                        output.kind(3).number(it.topic()).text(it.name());
                case StateRecord.TopicDropped it -> output.kind(4).number(it.topic());
                case StateRecord.GroupCreated it -> group(output.kind(5), it.group());
                case StateRecord.GroupDropped it -> output.kind(6).number(it.group());
                case StateRecord.PatternJoined it -> pattern(output.kind(7), it.group());
                case StateRecord.PatternLeft it -> pattern(output.kind(8), it.group());
                case StateRecord.Settled it -> runs(output.kind(9).number(it.group()), it.runs());
                case StateRecord.SettledWords it -> words(output.kind(10), it);
                case StateRecord.Attempted it -> attempted(output.kind(11), it);
                case StateRecord.Delivered it -> output.kind(12).number(it.group()).number(it.to());
                case StateRecord.IdsKnown it -> output.kind(13).number(it.topic()).number(it.to());
                case StateRecord.IdSeen it ->
                        output.kind(14)
                                .number(it.topic())
                                .number(it.position() + 1)
                                .number(it.storedAt())
                                .text(it.id());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void group(Output output, GroupState group) throws IOException {
        output.number(group.number())
                .number(group.topic())
                .number(group.settled().floor())
                .text(group.name());
    }

    private static void pattern(Output output, PatternGroup group) throws IOException {
        output.text(group.pattern().toString()).text(group.group());
    }

    private static void runs(Output output, long[] runs) throws IOException {
        output.number(runs.length / 2);
        long at = 0;
        for (int run = 0; run < runs.length; run += 2) {
            output.number(runs[run] - at).number(runs[run + 1]);
            at = runs[run] + runs[run + 1];
        }
    }

    private static void words(Output output, StateRecord.SettledWords it) throws IOException {
        output.number(it.group()).number(it.first()).number(it.words().length);
        for (long word : it.words()) {
            output.fixed(word);
        }
    }

    private static void attempted(Output output, StateRecord.Attempted it) throws IOException {
        long[] entries = it.entries();
        output.number(it.group()).number(entries.length / 3);
        for (long value : entries) {
            output.number(value);
        }
    }

    /**
     * Reads a record.
     *
     * @throws ConnectionFailedException if it is of a version or a kind that is not known here
     */
    static StateRecord decode(ByteBuffer source) {
        byte version = source.get();
        byte kind = source.get();
        if (version != VERSION) {
            throw unknown(version, kind);
        }
        return switch (kind) {
            case 1 -> {
                int highest = integer(source);
                yield new StateRecord.Identity(Varint.getText(source), highest);
            }
            case 2 -> new StateRecord.Running(Varint.get(source) != 0);
            case 3 -> new StateRecord.TopicCreated(integer(source), Varint.getText(source));
            case 4 -> new StateRecord.TopicDropped(integer(source));
            case 5 -> new StateRecord.GroupCreated(group(source));
            case 6 -> new StateRecord.GroupDropped(integer(source));
            case 7 -> new StateRecord.PatternJoined(pattern(source));
            case 8 -> new StateRecord.PatternLeft(pattern(source));
            case 9 -> new StateRecord.Settled(integer(source), runs(source));
            case 10 ->
                    new StateRecord.SettledWords(
                            integer(source), Varint.get(source), words(source));
            case 11 -> new StateRecord.Attempted(integer(source), entries(source));
            case 12 -> new StateRecord.Delivered(integer(source), Varint.get(source));
            case 13 -> new StateRecord.IdsKnown(integer(source), Varint.get(source));
            case 14 -> {
                int topic = integer(source);
                long position = Varint.get(source) - 1;
                long storedAt = Varint.get(source);
                yield new StateRecord.IdSeen(topic, Varint.getText(source), position, storedAt);
            }
            default -> throw unknown(version, kind);
        };
    }

    private static GroupState group(ByteBuffer source) {
        int number = integer(source);
        int topic = integer(source);
        long start = Varint.get(source);
        return new GroupState(number, topic, Varint.getText(source), start);
    }

    private static PatternGroup pattern(ByteBuffer source) {
        TopicPattern pattern = TopicPattern.parse(Varint.getText(source));
        return new PatternGroup(pattern, Varint.getText(source));
    }

    private static long[] runs(ByteBuffer source) {
        long[] runs = new long[integer(source) * 2];
        long at = 0;
        for (int run = 0; run < runs.length; run += 2) {
            runs[run] = at + Varint.get(source);
            runs[run + 1] = Varint.get(source);
            at = runs[run] + runs[run + 1];
        }
        return runs;
    }

    private static long[] words(ByteBuffer source) {
        long[] words = new long[integer(source)];
        for (int word = 0; word < words.length; word++) {
            words[word] = source.getLong();
        }
        return words;
    }

    private static long[] entries(ByteBuffer source) {
        long[] entries = new long[integer(source) * 3];
        for (int entry = 0; entry < entries.length; entry++) {
            entries[entry] = Varint.get(source);
        }
        return entries;
    }

    private static int integer(ByteBuffer source) {
        return Math.toIntExact(Varint.get(source));
    }

    private static ConnectionFailedException unknown(byte version, byte kind) {
        return new ConnectionFailedException(
                ("The log holds a state record of version %d and kind %d, which this version of"
                     + " Lapwing cannot read (it knows version %d, kinds 1 to 14); use the version"
                     + " that wrote it, or a newer one")
                        .formatted(version, kind, VERSION));
    }

    /** Writes the fields of a record. */
    private static final class Output extends DataOutputStream {
        Output(ByteArrayOutputStream target) {
            super(target);
        }

        Output kind(int kind) throws IOException {
            writeByte(kind);
            return this;
        }

        Output number(long value) throws IOException {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                writeByte((int) rest & 0x7F | 0x80);
                rest >>>= 7;
            }
            writeByte((int) rest);
            return this;
        }

        Output fixed(long value) throws IOException {
            writeLong(value);
            return this;
        }

        Output text(String value) throws IOException {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            number(bytes.length);
            write(bytes);
            return this;
        }
    }
}
