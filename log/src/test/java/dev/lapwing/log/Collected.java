// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a reader handed over. */
final class Collected implements RecordConsumer {
    final List<Long> positions = new ArrayList<>();
    final List<String> texts = new ArrayList<>();
    final List<Long> times = new ArrayList<>();
    final List<Damage> damages = new ArrayList<>();

    /** Everything in the stream from its first record on. */
    static Collected all(LogStream stream) {
        return from(stream, stream.first());
    }

    static Collected from(LogStream stream, long position) {
        var collected = new Collected();
        var reader = stream.reader(position);
        while (reader.read(1000, Long.MAX_VALUE, collected) > 0
                || reader.position() < stream.end()) {
            continue;
        }
        return collected;
    }

    @Override
    public void record(long position, long wallMillis, ByteBuffer bytes) {
        positions.add(position);
        texts.add(TestOwner.text(bytes));
        times.add(wallMillis);
    }

    @Override
    public void damaged(Damage damage) {
        damages.add(damage);
    }
}
