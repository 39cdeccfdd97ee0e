// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/** The collections of primitives, against those of the JDK. */
final class PrimitivesTest {
    private final long seed = Long.getLong("lapwing.seed", new Random().nextLong());
    private final Random random = new Random(seed);

    PrimitivesTest() {
        System.out.println("seed " + seed);
    }

    @Test
    void heapGivesTheSmallestKeyFirst() {
        LongHeap heap = new LongHeap();
        PriorityQueue<Long> model = new PriorityQueue<>();
        for (int step = 0; step < 100_000; step++) {
            if (model.isEmpty() || random.nextInt(100) < (step / 20_000 % 2 == 0 ? 70 : 30)) {
                long key = random.nextInt(1000);
                heap.add(key, -key);
                model.add(key);
            } else {
                assertThat(heap.firstKey()).isEqualTo(model.poll());
                assertThat(heap.firstValue()).isEqualTo(-heap.firstKey());
                heap.removeFirst();
            }
            assertThat(heap.size()).isEqualTo(model.size());
        }
    }

    @Test
    void tableRemembersWhatItWasTold() {
        AttemptTable table = new AttemptTable();
        Map<Long, String> model = new HashMap<>();
        for (int step = 0; step < 100_000; step++) {
            long position = random.nextInt(5000);
            switch (random.nextInt(step / 20_000 % 2 == 0 ? 4 : 12)) {
                case 0, 1, 2 -> {
                    table.put(position, step, -step);
                    model.put(position, step + " " + -step);
                }
                case 3 -> {
                    long to = position + random.nextInt(20);
                    table.removeRange(position, to);
                    model.keySet().removeIf(it -> it >= position && it < to);
                }
                default -> {
                    table.remove(position);
                    model.remove(position);
                }
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        Map<Long, String> found = new HashMap<>();
        table.forEach((position, spent, notBefore) -> found.put(position, spent + " " + notBefore));
        assertThat(found).isEqualTo(model);
    }

    @Test
    void numbersComeBack() {
        ByteBuffer buffer = ByteBuffer.allocate(16);
        for (int round = 0; round < 10_000; round++) {
            long value = random.nextLong() >>> random.nextInt(64);
            Varint.put(buffer.clear(), value);
            assertThat(buffer.position()).isEqualTo(Varint.size(value));
            assertThat(Varint.get(buffer.flip())).isEqualTo(value);
        }
    }
}
