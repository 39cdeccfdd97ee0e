// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Administration;
import dev.lapwing.StartAt;

import java.util.List;
import java.util.function.UnaryOperator;

/** What can be wrong with administration. */
final class AdministrationFlaws {
    private AdministrationFlaws() {}

    static List<Flaw> all() {
        return List.of(
                flaw("forgets topics in its list", ForgetsTopics::new, "topicsAreListed"),
                flaw("tells a wrong lag", WrongLag::new, "lagIsWhatIsNotSettled"),
                flaw("consumes what is peeked at", Consumes::new, "peekingConsumesNothing"),
                flaw("keeps what was purged", KeepsPurged::new, "purgeRemovesWhatIsThereNow"),
                flaw("keeps a deleted topic", KeepsTopic::new, "deletedTopicIsGone"),
                flaw("keeps a deleted group", KeepsGroup::new, "deletedGroupIsGone"));
    }

    private static Flaw flaw(String name, UnaryOperator<Administration> flaw, String... checks) {
        return Flaw.of(name, link -> new BrokenAdministration.Administers(link, flaw), checks);
    }

    private static final class ForgetsTopics extends BrokenAdministration {
        ForgetsTopics(Administration inner) {
            super(inner);
        }

        @Override
        public List<TopicInfo> topics() {
            return List.of();
        }
    }

    private static final class WrongLag extends BrokenAdministration {
        WrongLag(Administration inner) {
            super(inner);
        }

        @Override
        public List<GroupInfo> groups(String topic) {
            return super.groups(topic).stream()
                    .map(group -> new GroupInfo(group.name(), group.lag() - group.inFlight(), 0, 0))
                    .toList();
        }
    }

    private static final class Consumes extends BrokenAdministration {
        Consumes(Administration inner) {
            super(inner);
        }

        @Override
        public List<Peeked> peek(String topic, StartAt start, int limit) {
            List<Peeked> peeked = super.peek(topic, start, limit);
            super.purge(topic);
            return peeked;
        }
    }

    private static final class KeepsPurged extends BrokenAdministration {
        KeepsPurged(Administration inner) {
            super(inner);
        }

        @Override
        public long purge(String topic) {
            return peek(topic, StartAt.earliest(), 10_000).size();
        }
    }

    private static final class KeepsTopic extends BrokenAdministration {
        KeepsTopic(Administration inner) {
            super(inner);
        }

        @Override
        public void deleteTopic(String topic) {}
    }

    private static final class KeepsGroup extends BrokenAdministration {
        KeepsGroup(Administration inner) {
            super(inner);
        }

        @Override
        public void deleteGroup(String topic, String group) {}
    }
}
