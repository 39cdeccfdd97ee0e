// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.TopicPattern;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The hubs of a server: one for each topic or pattern that somebody listens to. Safe for use by
 * many threads; nothing here blocks but {@link #close}.
 *
 * @param <F> what the events of a hub are fanned out by
 */
public final class TopicHubs<F extends TailListener> {
    private final Tails tails;
    private final Function<TopicPattern, F> fanOuts;
    private final long lingerNanos;
    private final Map<String, TopicHub<F>> hubs = new HashMap<>();

    /**
     * A directory without hubs.
     *
     * @param fanOuts makes what the events of one topic or pattern are fanned out by
     * @param linger how long a hub stays open when its last holder has left, so that one who
     *     reconnects finds it
     */
    public TopicHubs(Tails tails, Function<TopicPattern, F> fanOuts, Duration linger) {
        this.tails = tails;
        this.fanOuts = fanOuts;
        this.lingerNanos = linger.toNanos();
    }

    /**
     * Takes hold of the hub of a topic or pattern, opening it if need be; wait for {@link
     * TopicHub#opened}. Whoever holds it releases it once, also if it could not be opened.
     */
    public synchronized TopicHub<F> hold(TopicPattern topics) {
        TopicHub<F> hub = hubs.computeIfAbsent(topics.toString(), name -> open(topics));
        hub.holders++;
        return hub;
    }

    private TopicHub<F> open(TopicPattern topics) {
        String name = topics.toString();
        var self = new ArrayList<TopicHub<F>>(1);
        var hub = new TopicHub<>(topics, tails, fanOuts.apply(topics), () -> forget(name, self));
        self.add(hub);
        Thread.ofVirtual().name("lapwing-hub-open").start(hub::open);
        return hub;
    }

    private synchronized void forget(String name, List<TopicHub<F>> ended) {
        hubs.remove(name, ended.getFirst());
    }

    /** Lets go of a hub. */
    public synchronized void release(TopicHub<F> hub, long nowNanos) {
        hub.holders--;
        hub.idleSince = nowNanos;
    }

    /** Closes the hubs that nobody has held for some time; call it now and then. */
    public void closeIdle(long nowNanos) {
        for (TopicHub<F> hub : takeIdle(nowNanos)) {
            Thread.ofVirtual().name("lapwing-hub-close").start(hub::close);
        }
    }

    private synchronized List<TopicHub<F>> takeIdle(long nowNanos) {
        var idle = new ArrayList<TopicHub<F>>();
        for (Iterator<TopicHub<F>> each = hubs.values().iterator(); each.hasNext(); ) {
            TopicHub<F> hub = each.next();
            if (hub.holders == 0 && nowNanos - hub.idleSince >= lingerNanos) {
                each.remove();
                idle.add(hub);
            }
        }
        return idle;
    }

    /** Closes all hubs and waits for the bursts that are being handled. */
    public void close() {
        List<TopicHub<F>> all;
        synchronized (this) {
            all = List.copyOf(hubs.values());
            hubs.clear();
        }
        all.forEach(TopicHub::close);
    }

    /** How many hubs are open or being opened. */
    public synchronized int size() {
        return hubs.size();
    }
}
