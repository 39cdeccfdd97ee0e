// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;

import java.util.ArrayList;
import java.util.List;

/** Cuts what came at once into pieces that do not take too much memory when they are encoded. */
final class Pieces {
    private static final int BYTES = 64 << 10;

    private Pieces() {}

    /** Pieces of at least one event each, in order. */
    static List<List<Delivery>> of(List<Delivery> events) {
        var pieces = new ArrayList<List<Delivery>>(1);
        int from = 0;
        int bytes = 0;
        for (int at = 0; at < events.size(); at++) {
            int added = events.get(at).message().payload().length;
            if (at > from && bytes + added > BYTES) {
                pieces.add(events.subList(from, at));
                from = at;
                bytes = 0;
            }
            bytes += added;
        }
        pieces.add(events.subList(from, events.size()));
        return pieces;
    }
}
