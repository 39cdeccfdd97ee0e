// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A run of random work on a log over a {@link CrashStorage}, which looks, before every change of
 * the disk, at what a crash at that moment could leave, recovers from that, checks it, works on,
 * and crashes again. One seed, one run, always the same.
 */
final class CrashSimulation {
    private static final int MAX_DEPTH = 3;

    private final long seed;
    private final RandomGenerator random;
    private final CrashStorage first = new CrashStorage();
    private final TestClock clock = new TestClock();
    private final boolean withErrors;
    private long states;

    /** A simulation of this seed; it sets up the storage it will begin with. */
    CrashSimulation(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
        this.withErrors = random.nextInt(3) == 0;
    }

    CrashStorage storage() {
        return first;
    }

    /** Runs, and returns how many states were recovered and checked. */
    long run() {
        try {
            new Session(first, new CrashModel(), 0).live(40 + random.nextInt(60));
            return states;
        } catch (Throwable failure) {
            throw new AssertionError(
                    "seed %d, state %d: %s".formatted(seed, states, failure.getMessage()), failure);
        }
    }

    /** One process, from opening the log to its end. */
    private final class Session {
        private final CrashStorage storage;
        private final CrashModel model;
        private final int depth;
        private final List<String> names = new ArrayList<>();
        private StateOwner owner;
        private Log log;

        Session(CrashStorage storage, CrashModel model, int depth) {
            this.storage = storage;
            this.model = model;
            this.depth = depth;
        }

        void live(int actions) {
            storage.beforeChange = this::explore;
            open();
            for (int i = 0; i < actions; i++) {
                act();
                if (log.status() == LogStatus.POISONED) {
                    reopen();
                }
            }
            if (random.nextInt(4) == 0) {
                log.close();
                flipAfterMark();
                storage.beforeChange = () -> {};
                open();
            }
            storage.beforeChange = () -> {};
        }

        private void open() {
            log = openAtLast();
            states++;
            model.check(log, owner.state);
            names.clear();
            log.streams().forEach(stream -> names.add(stream.name()));
            names.removeAll(model.dropAsked);
        }

        /** A disk that breaks while the log opens may stop it; then another process tries again. */
        private Log openAtLast() {
            try {
                owner = new StateOwner(model);
                return Log.openIdle(storage, settings(), owner);
            } catch (LogException failed) {
                CrashModel.require(storage.broke(), "cannot open: " + failed);
                storage.mend();
                owner = new StateOwner(model);
                return Log.openIdle(storage, settings(), owner);
            }
        }

        private LogSettings settings() {
            return LogSettings.defaults()
                    .withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES)
                    .withReadWindowBytes(4096)
                    .withClock(clock)
                    .withRandom(random);
        }

        /** The process ends and begins again; the machine stays up. */
        private void reopen() {
            storage.mend();
            storage.kill();
            storage.beforeChange = this::explore;
            open();
            exploreNow();
        }

        /** Now and then, looks at what a crash would leave here. */
        private void explore() {
            boolean look =
                    switch (depth) {
                        case 0 -> true;
                        case 1 -> random.nextInt(8) == 0;
                        default -> random.nextInt(40) == 0;
                    };
            if (look) {
                exploreNow();
            }
        }

        private void exploreNow() {
            if (depth < MAX_DEPTH) {
                int variants = depth == 0 ? 2 : 1;
                for (int i = 0; i < variants; i++) {
                    var crashed = storage.crash(random);
                    new Session(crashed, model.copy(), depth + 1).live(random.nextInt(4));
                }
            }
        }

        private void act() {
            clock.advance(random.nextInt(100));
            switch (random.nextInt(20)) {
                case 0 -> log.idle();
                case 1 -> trim();
                case 2 -> keep();
                case 3 -> drop();
                case 4 -> reopenCleanly();
                case 5, 6, 7 -> group();
                case 8 -> breakSoon();
                case 9 -> {
                    log.idle();
                    flipAfterMark();
                }
                default -> append();
            }
            if (random.nextInt(3) > 0) {
                work();
            }
        }

        private void work() {
            while (log.step()) {
                continue;
            }
            for (var stream : log.streams()) {
                model.trimDone(stream.name(), stream.first());
            }
            for (var name : model.dropAsked) {
                if (log.stream(name).isEmpty() && !log.status().equals(LogStatus.POISONED)) {
                    model.dropDone.add(name);
                }
            }
        }

        private void append() {
            var appends = new ArrayList<Append>();
            int count = 1 + random.nextInt(5);
            for (int i = 0; i < count; i++) {
                var name = name();
                appends.add(model.append(log.create(name), name, size(), 0));
            }
            if (log.append(appends) != Admission.ACCEPTED) {
                model.refuse(count);
            }
        }

        private void group() {
            int group = 1 + random.nextInt(Integer.MAX_VALUE - 1);
            var appends = new ArrayList<Append>();
            int count = 1 + random.nextInt(2);
            for (int i = 0; i < count; i++) {
                var name = name();
                appends.add(model.append(log.create(name), name, size(), group));
            }
            appends.add(model.append(log.state(), CrashModel.STATE, 8 + random.nextInt(50), group));
            if (log.appendAtomically(appends) != Admission.ACCEPTED) {
                model.refuse(count + 1);
            }
        }

        private int size() {
            return 8 + (random.nextInt(10) == 0 ? random.nextInt(1300) : random.nextInt(200));
        }

        private String name() {
            if (names.isEmpty() || (names.size() < 4 && random.nextInt(4) == 0)) {
                names.add("s" + random.nextInt(1_000_000));
            }
            return names.get(random.nextInt(names.size()));
        }

        private void trim() {
            if (!names.isEmpty()) {
                var name = name();
                var stream = log.create(name);
                long before = stream.end() - random.nextInt(10);
                model.trimAsked(name, Math.max(0, before));
                stream.trim(before);
            }
        }

        private void drop() {
            if (names.size() > 1 && random.nextInt(3) == 0) {
                work();
                var name = names.removeFirst();
                model.dropAsked.add(name);
                log.stream(name).ifPresent(LogStream::drop);
                work();
            }
        }

        private void keep() {
            work();
            log.keep();
            if (log.status() == LogStatus.RUNNING) {
                var unsynced = new TreeSet<>(storage.unsyncedNames());
                unsynced.removeIf(name ->
                        name.endsWith(SegmentNames.INDEX) || name.equals(SegmentNames.SPARE));
                CrashModel.require(unsynced.isEmpty(), "would come back: " + unsynced);
            }
        }

        private void reopenCleanly() {
            work();
            log.close();
            open();
        }

        private void breakSoon() {
            if (withErrors) {
                switch (random.nextInt(3)) {
                    case 0 -> storage.forcesUntilError = random.nextInt(4);
                    case 1 -> storage.writesUntilError = random.nextInt(4);
                    default -> storage.directorySyncsUntilError = random.nextInt(2);
                }
            }
        }

        /** Once the log left its mark, damage to what is before it must not pass for a torn end. */
        private void flipAfterMark() {
            var segments = log.segments().all();
            boolean idle = !storage.broke() && log.backlogBytes() == 0;
            if (segments.isEmpty() || !idle || depth == MAX_DEPTH) {
                return;
            }
            var last = segments.getLast();
            var crashed = storage.crash(random);
            long offset = random.nextLong(last.snapshotBytes + SegmentHeader.BYTES, last.end + 1);
            if (offset < last.end) {
                crashed.flip(last.name(), (int) offset, random.nextInt(8));
                var damaged = Log.openIdle(crashed, settings(), new StateOwner(model));
                states++;
                CrashModel.require(
                        !damaged.recovery().damages().isEmpty(),
                        "a flipped bit at %d of %s passed for a torn end"
                                .formatted(offset, last.name()));
            }
        }
    }

    /** The ids of the state records, in order. */
    private static final class StateOwner implements LogOwner {
        final List<Integer> state = new ArrayList<>();
        private final CrashModel model;

        StateOwner(CrashModel model) {
            this.model = model;
        }

        @Override
        public void restore(ByteBuffer snapshotRecord) {
            while (snapshotRecord.hasRemaining()) {
                state.add(snapshotRecord.getInt());
            }
        }

        @Override
        public void replay(long position, ByteBuffer stateRecord) {
            state.add(CrashModel.id(stateRecord));
        }

        @Override
        public void snapshot(SnapshotWriter target) {
            for (int id : model.storedState()) {
                target.record(ByteBuffer.allocate(Integer.BYTES).putInt(0, id));
            }
        }
    }
}
