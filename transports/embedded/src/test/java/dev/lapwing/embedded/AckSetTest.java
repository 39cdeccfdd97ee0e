// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.Random;

final class AckSetTest {

    @Test
    void floorRisesOverWhatIsSettled() {
        AckSet set = new AckSet(5);
        set.add(6, 8);
        assertThat(set.floor()).isEqualTo(5);
        assertThat(set.above()).isEqualTo(2);
        set.add(5, 6);
        assertThat(set.floor()).isEqualTo(8);
        assertThat(set.above()).isZero();
    }

    @Test
    void floorStopsAtTheBeginningOfAPage() {
        AckSet set = new AckSet(0);
        set.add(AckSet.PAGE_BITS + 1, AckSet.PAGE_BITS + 2);
        set.add(0, AckSet.PAGE_BITS);
        assertThat(set.floor()).isEqualTo(AckSet.PAGE_BITS);
    }

    @Test
    void randomSettlingAgreesWithASimpleModel() {
        long seed = Long.getLong("lapwing.seed", new Random().nextLong());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int size = 1 + random.nextInt(100_000);
            AckSet set = new AckSet(0);
            BitSet model = new BitSet();
            for (int step = 0; step < 500; step++) {
                int from = random.nextInt(size);
                int to = Math.min(size, from + 1 + random.nextInt(random.nextBoolean() ? 3 : size));
                from = random.nextInt(10) == 0 ? (int) Math.min(set.floor(), to) : from;
                set.add(from, to);
                if (from <= model.nextClearBit(0)) {
                    model.set(0, to);
                } else {
                    model.set(from, to);
                }
                agree(set, model, size, random);
            }
            agree(copy(set), model, size, random);
        }
    }

    private static void agree(AckSet set, BitSet model, int size, Random random) {
        int floor = model.nextClearBit(0);
        assertThat(set.floor()).isEqualTo(floor);
        assertThat(set.above()).isEqualTo(model.cardinality() - floor);
        int from = random.nextInt(size);
        int to = from + random.nextInt(size);
        assertThat(set.contains(from)).isEqualTo(model.get(from));
        assertThat(set.firstUnsettled(from)).isEqualTo(model.nextClearBit(Math.max(from, floor)));
        assertThat(set.count(from, to)).isEqualTo(model.get(from, to).cardinality());
    }

    private static AckSet copy(AckSet set) {
        AckSet copy = new AckSet(set.floor());
        set.forEachPage(copy::addWords);
        return copy;
    }

    @Test
    void everySecondOfAHundredMillionTakesABitEach() {
        AckSet set = new AckSet(0);
        for (long position = 1; position < 100_000_000; position += 2) {
            set.add(position, position + 1);
        }
        assertThat(set.above()).isEqualTo(50_000_000);
        long[] words = {0};
        set.forEachPage((first, page) -> words[0] += page.length);
        assertThat(words[0] * Long.BYTES).isLessThan(13 << 20);
        set.add(0, 1);
        assertThat(set.floor()).isEqualTo(2);
    }
}
