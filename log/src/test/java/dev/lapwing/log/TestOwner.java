// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An owner whose state is the list of all its state records. */
final class TestOwner implements LogOwner {
    final List<String> state = new ArrayList<>();
    final List<Damage> damages = new CopyOnWriteArrayList<>();
    final List<LogStatus> statuses = new CopyOnWriteArrayList<>();

    /** An append of a state record that is part of the state once it is stored. */
    TestAppend append(Log log, String text) {
        return new TestAppend(log.state(), text) {
            @Override
            protected void stored(long at) {
                synchronized (state) {
                    state.add(text);
                }
                super.stored(at);
            }
        };
    }

    @Override
    public void restore(ByteBuffer snapshotRecord) {
        state.add(text(snapshotRecord));
    }

    @Override
    public void replay(long position, ByteBuffer stateRecord) {
        state.add(text(stateRecord));
    }

    @Override
    public void snapshot(SnapshotWriter target) {
        synchronized (state) {
            state.forEach(
                    text -> target.record(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
        }
    }

    @Override
    public void damaged(Damage damage) {
        damages.add(damage);
    }

    @Override
    public void statusChanged(LogStatus status) {
        statuses.add(status);
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
