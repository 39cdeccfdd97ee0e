// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one consumer of a group has in its hands, by the ids of the entries. Its lock is taken once
 * for a batch, and nothing is called under it.
 */
final class RedisHoldings {
    private final String consumer;
    private final Map<String, RedisDelivery> held = new LinkedHashMap<>();
    private final List<RedisDelivery> doubtful = new ArrayList<>();
    private boolean over;

    RedisHoldings(String consumer) {
        this.consumer = consumer;
    }

    /** The consumer's name. */
    String consumer() {
        return consumer;
    }

    /** Adds deliveries; returns those whose place they take. */
    synchronized List<RedisDelivery> add(List<RedisDelivery> deliveries) {
        var replaced = new ArrayList<RedisDelivery>(0);
        for (RedisDelivery delivery : deliveries) {
            RedisDelivery before = held.put(delivery.id(), delivery);
            if (before != null) {
                replaced.add(before);
            }
        }
        return replaced;
    }

    /** Tells which of these are held. */
    synchronized List<RedisDelivery> find(List<RedisDelivery> deliveries) {
        return deliveries.stream().filter(this::holds).toList();
    }

    /** Takes out which of these are held. */
    synchronized List<RedisDelivery> take(List<RedisDelivery> deliveries) {
        var taken = new ArrayList<RedisDelivery>(deliveries.size());
        for (RedisDelivery delivery : deliveries) {
            if (!over && held.remove(delivery.id(), delivery)) {
                taken.add(delivery);
            }
        }
        return taken;
    }

    private boolean holds(RedisDelivery delivery) {
        return !over && held.get(delivery.id()) == delivery;
    }

    /** Begins the lease of these anew. */
    synchronized void extend(List<RedisDelivery> deliveries, long since, long nanos) {
        for (RedisDelivery delivery : deliveries) {
            delivery.leased = since;
            delivery.promised = Math.max(delivery.promised, since + nanos);
        }
    }

    /** Those of these whose lease began after a time. */
    synchronized List<RedisDelivery> leasedAfter(List<RedisDelivery> deliveries, long time) {
        return deliveries.stream().filter(delivery -> delivery.leased - time > 0).toList();
    }

    /** Those whose lease began before a time, in the order of their arrival. */
    synchronized List<RedisDelivery> leasedBefore(long time) {
        return held.values().stream().filter(delivery -> delivery.leased - time < 0).toList();
    }

    /** Those that were promised for longer than a lease, and whose lease began before a time. */
    synchronized List<RedisDelivery> promisedBeyond(long now, long leaseNanos, long time) {
        return held.values().stream()
                .filter(delivery ->
                        delivery.promised - now > 0
                                && delivery.promised - delivery.leased > leaseNanos
                                && delivery.leased - time < 0)
                .toList();
    }

    /** Notes deliveries of which nobody knows whether they are settled: the link broke. */
    synchronized void doubt(List<RedisDelivery> deliveries) {
        doubtful.addAll(deliveries);
    }

    /** Takes out what {@link #doubt} noted. */
    synchronized List<RedisDelivery> takeDoubtful() {
        List<RedisDelivery> taken = List.copyOf(doubtful);
        doubtful.clear();
        return taken;
    }

    /** Ends it: nothing is held any more. */
    synchronized List<RedisDelivery> end() {
        over = true;
        List<RedisDelivery> all = List.copyOf(held.values());
        held.clear();
        return all;
    }

    /** Removes deliveries by their ids. */
    synchronized List<RedisDelivery> remove(List<String> ids) {
        var removed = new ArrayList<RedisDelivery>(ids.size());
        for (String id : ids) {
            RedisDelivery delivery = held.remove(id);
            if (delivery != null) {
                removed.add(delivery);
            }
        }
        return removed;
    }
}
