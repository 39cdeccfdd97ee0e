// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Capability;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * What one group, or one receiver of its own, has seen of one topic, and who has what now. Touched
 * on the loop only.
 */
abstract class Ledger {

    final BrokerState broker;
    final ReferenceTopic topic;
    final List<ReferenceReceiver> members = new ArrayList<>();
    private int turn;

    Ledger(BrokerState broker, ReferenceTopic topic) {
        this.broker = broker;
        this.topic = topic;
    }

    /** A message that it shall deliver: one of its start, or a new one. */
    abstract void add(Entry entry);

    /** Hands over as much as there is credit for. */
    abstract void pump();

    /**
     * Settles one delivery.
     *
     * @return false if it was no longer the receiver's, so that nothing was changed
     */
    abstract boolean settle(Settlement settlement, ReferenceDelivery delivery);

    /** Takes back what a member has; none of it counts as an attempt. */
    abstract List<ReferenceDelivery> takeBack(ReferenceReceiver member);

    /** Takes back all that is out. */
    List<ReferenceDelivery> takeBackAll() {
        var taken = new ArrayList<ReferenceDelivery>();
        List.copyOf(members).forEach(member -> taken.addAll(takeBack(member)));
        return taken;
    }

    /** Forgets what is waiting. */
    abstract void purge();

    /** What is not settled, oldest first. */
    abstract List<Entry> pending();

    abstract GroupInfo info(String group);

    void join(ReferenceReceiver member) {
        members.add(member);
        pump();
    }

    /** A member goes; what it had goes to the others. */
    List<ReferenceDelivery> leave(ReferenceReceiver member) {
        members.remove(member);
        List<ReferenceDelivery> taken = takeBack(member);
        if (members.isEmpty() && !broker.has(Capability.GROUPS)) {
            topic.groups.values().remove(this);
        }
        pump();
        return taken;
    }

    /** The next member in turn that has room; null if none has. */
    @Nullable ReferenceReceiver nextWithRoom() {
        for (int tried = 0; tried < members.size(); tried++) {
            ReferenceReceiver member = members.get(turn++ % members.size());
            if (member.hasRoom()) {
                return member;
            }
        }
        return null;
    }

    void flush() {
        List.copyOf(members).forEach(ReferenceReceiver::flush);
    }
}
