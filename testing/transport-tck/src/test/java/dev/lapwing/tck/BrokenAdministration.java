// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Administration;
import dev.lapwing.StartAt;

import java.util.List;

/** An administration that is right: it hands everything on. A flaw is a subclass. */
class BrokenAdministration implements Administration {

    private final Administration inner;

    BrokenAdministration(Administration inner) {
        this.inner = inner;
    }

    /** A transport with such an administration. */
    static final class Administers extends BrokenTransport {
        private final java.util.function.UnaryOperator<Administration> flaw;

        Administers(Link link, java.util.function.UnaryOperator<Administration> flaw) {
            super(link);
            this.flaw = flaw;
        }

        @Override
        public Administration administration() {
            return flaw.apply(super.administration());
        }
    }

    @Override
    public List<TopicInfo> topics() {
        return inner.topics();
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        return inner.groups(topic);
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        return inner.peek(topic, start, limit);
    }

    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        return inner.peekPending(topic, group, limit);
    }

    @Override
    public long purge(String topic) {
        return inner.purge(topic);
    }

    @Override
    public void deleteTopic(String topic) {
        inner.deleteTopic(topic);
    }

    @Override
    public void deleteGroup(String topic, String group) {
        inner.deleteGroup(topic, group);
    }
}
