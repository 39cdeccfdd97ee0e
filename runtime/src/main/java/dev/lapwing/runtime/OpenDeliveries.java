// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.spi.Received;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * The deliveries that are not settled with the broker, in the order in which their leases run out.
 * Safe for use by many threads, under its own lock; calls nothing while it holds it.
 */
final class OpenDeliveries {
    private @Nullable LiveDelivery oldest;
    private @Nullable LiveDelivery newest;

    synchronized void add(LiveDelivery[] deliveries) {
        for (LiveDelivery delivery : deliveries) {
            link(delivery);
        }
    }

    /** The next attempt takes the place of the one before; false if that is gone. */
    synchronized boolean replace(LiveDelivery before, LiveDelivery retry) {
        if (!before.registered) {
            return false;
        }
        retry.leasedAt = before.leasedAt;
        retry.registered = true;
        retry.older = before.older;
        retry.newer = before.newer;
        if (retry.older != null) {
            retry.older.newer = retry;
        } else {
            oldest = retry;
        }
        if (retry.newer != null) {
            retry.newer.older = retry;
        } else {
            newest = retry;
        }
        forget(before);
        return true;
    }

    /** Takes deliveries out; returns how many of them were still in. */
    synchronized int remove(Collection<LiveDelivery> deliveries) {
        int removed = 0;
        for (LiveDelivery delivery : deliveries) {
            if (delivery.registered) {
                unlink(delivery);
                removed++;
            }
        }
        return removed;
    }

    /** Takes out what stands for these. */
    synchronized List<LiveDelivery> removeAll(Collection<? extends Received> received) {
        Set<Received> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
        wanted.addAll(received);
        var found = new ArrayList<LiveDelivery>();
        for (LiveDelivery at = oldest; at != null && found.size() < wanted.size(); ) {
            LiveDelivery next = at.newer;
            if (wanted.contains(at.received())) {
                unlink(at);
                found.add(at);
            }
            at = next;
        }
        return found;
    }

    /** Everything that is in. */
    synchronized List<LiveDelivery> all() {
        var all = new ArrayList<LiveDelivery>();
        for (LiveDelivery at = oldest; at != null; at = at.newer) {
            all.add(at);
        }
        return all;
    }

    /** Those whose lease began at this time or before; it begins anew now. */
    synchronized List<Received> renew(long leasedUntil, long now) {
        var due = new ArrayList<Received>();
        while (oldest != null && oldest.leasedAt - leasedUntil <= 0) {
            LiveDelivery first = oldest;
            unlink(first);
            first.leasedAt = now;
            link(first);
            due.add(first.received());
        }
        return due;
    }

    private void link(LiveDelivery delivery) {
        delivery.registered = true;
        delivery.older = newest;
        if (newest != null) {
            newest.newer = delivery;
        } else {
            oldest = delivery;
        }
        newest = delivery;
    }

    private void unlink(LiveDelivery delivery) {
        if (delivery.older != null) {
            delivery.older.newer = delivery.newer;
        } else {
            oldest = delivery.newer;
        }
        if (delivery.newer != null) {
            delivery.newer.older = delivery.older;
        } else {
            newest = delivery.older;
        }
        forget(delivery);
    }

    private static void forget(LiveDelivery delivery) {
        delivery.registered = false;
        delivery.older = null;
        delivery.newer = null;
    }
}
