// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Administration;
import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Administration.Peeked;
import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Capability;
import dev.lapwing.Message;
import dev.lapwing.StartAt;

import java.util.List;
import java.util.Optional;

/** Topics and groups, for tools and people. */
public interface AdministrationChecks extends Conformance {

    /** Listed with what they hold. */
    @Check(
            proves = {Clause.ADMINISTRATION, Clause.DECLARED},
            flaw = "lists topics wrongly")
    default void topicsAreListed() {
        String topic = bench().topic("listed-订单");
        if (refusesAdministration()) {
            return;
        }
        bench().keep(topic);
        bench().publishNumbered(topic, 0, 3);
        TopicInfo info = topic(topic).orElseThrow();
        assertThat(info.messages()).isIn(3L, -1L);
        assertThat(administration().topics())
                .extracting(TopicInfo::name)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /** Lag falls by acks, and only by acks. */
    @Check(proves = Clause.ADMINISTRATION, flaw = "tells a wrong lag")
    default void lagIsWhatIsNotSettled() {
        String topic = bench().topic("lag");
        if (refusesAdministration() || bench().refusesGroups(topic)) {
            return;
        }
        SpiLink link = bench().spi();
        SpiReceiver member = link.member(topic, bench().group("g")).grant(4);
        link.storeNumbered(topic, 10);
        bench().await(() -> assertThat(member.delivered()).hasSize(4));
        bench().await(() -> assertThat(lag(topic)).isIn(10L, -1L));
        assertThat(administration().peekPending(topic, bench().group("g"), 100))
                .as("not settled; what a member has may be hidden")
                .hasSizeBetween(6, 10);
        member.ack(member.delivered(0));
        bench().await(() -> assertThat(lag(topic)).isIn(9L, -1L));
        assertThat(administration().peekPending(topic, bench().group("g"), 5)).hasSize(5);
    }

    private long lag(String topic) {
        List<GroupInfo> groups = administration().groups(topic);
        assertThat(groups).extracting(GroupInfo::name).containsExactly(bench().group("g"));
        return groups.getFirst().lag();
    }

    /** Looking takes nothing. */
    @Check(proves = Clause.ADMINISTRATION, flaw = "consumes what is only peeked at")
    default void peekingConsumesNothing() {
        String topic = bench().topic("peek");
        if (refusesAdministration() || bench().refusesGroups(topic)) {
            return;
        }
        SpiLink link = bench().spi();
        SpiReceiver member = link.member(topic, bench().group("g"));
        List<String> texts = bench().publishNumbered(topic, 0, 10);
        if (bench().has(Capability.REPLAY)) {
            assertPeekedFromTheTopic(topic, texts);
        }
        assertThat(administration().peekPending(topic, bench().group("g"), 100)).hasSize(10);
        member.grant(100);
        bench().awaitAndHold(() ->
                assertThat(member.texts()).containsExactlyInAnyOrderElementsOf(texts));
    }

    private void assertPeekedFromTheTopic(String topic, List<String> texts) {
        List<String> first = peek(topic, StartAt.earliest(), 4);
        assertThat(first).hasSize(4).isSubsetOf(texts);
        assertThat(peek(topic, StartAt.now(), 4)).isEmpty();
        List<String> all = peek(topic, StartAt.earliest(), 100);
        assertThat(all).containsExactlyInAnyOrderElementsOf(texts);
        if (bench().has(Capability.COMPARABLE_POSITIONS)) {
            assertThat(first).isEqualTo(texts.subList(0, 4));
            assertThat(all).isEqualTo(texts);
        }
    }

    private List<String> peek(String topic, StartAt start, int limit) {
        return administration().peek(topic, start, limit).stream()
                .map(Peeked::message)
                .map(Message::text)
                .toList();
    }

    /** Purged is gone, for everyone; the topic lives on. */
    @Check(proves = Clause.ADMINISTRATION, flaw = "delivers what was purged")
    default void purgeRemovesWhatIsThereNow() {
        String topic = bench().topic("purge");
        if (refusesAdministration() || bench().refusesGroups(topic)) {
            return;
        }
        SpiLink link = bench().spi();
        SpiReceiver member = link.member(topic, bench().group("g"));
        bench().publishNumbered(topic, 0, 10);
        assertThat(administration().purge(topic)).isEqualTo(10);
        if (bench().has(Capability.REPLAY)) {
            assertThat(peek(topic, StartAt.earliest(), 10))
                    .as("in the topic after a purge")
                    .isEmpty();
        }
        assertThat(topic(topic).orElseThrow().messages()).isIn(0L, -1L);
        assertThat(lag(topic)).isIn(0L, -1L);
        bench().lapwing().publish(topic, "after");
        member.grant(100);
        bench().awaitAndHold(() -> assertThat(member.texts()).containsExactly("after"));
        assertThat(administration().purge(bench().topic("none"))).isZero();
    }

    /** Deleted, with its groups, and made anew by the next message. */
    @Check(proves = Clause.ADMINISTRATION, flaw = "keeps what was deleted")
    default void deletedTopicIsGone() {
        String topic = bench().topic("deleted");
        if (refusesAdministration() || bench().refusesGroups(topic)) {
            return;
        }
        bench().lapwing().subscribe(topic).group(bench().group("g")).handle(new Inbox()).close();
        bench().publishNumbered(topic, 0, 3);
        administration().deleteTopic(topic);
        administration().deleteTopic(topic);
        assertThat(topic(topic)).isEmpty();
        assertThat(administration().groups(topic)).isEmpty();
        bench().publishUnheard(topic, "anew");
        if (bench().has(Capability.REPLAY)) {
            assertThat(peek(topic, StartAt.earliest(), 10)).containsExactly("anew");
        }
    }

    /** A group that is deleted begins anew. */
    @Check(proves = Clause.ADMINISTRATION, flaw = "keeps the place of a group that was deleted")
    default void deletedGroupIsGone() {
        String topic = bench().topic("ungrouped");
        if (refusesAdministration() || bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        bench().lapwing().subscribe(topic).group(group).handle(new Inbox()).close();
        bench().publishNumbered(topic, 0, 3);
        administration().deleteGroup(topic, group);
        administration().deleteGroup(topic, group);
        assertThat(administration().groups(topic)).isEmpty();
        var inbox = new Inbox();
        bench().lapwing().subscribe(topic).group(group).handle(inbox);
        bench().lapwing().publish(topic, "new");
        bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("new"));
    }

    private Optional<TopicInfo> topic(String name) {
        return administration().topics().stream()
                .filter(info -> info.name().equals(name))
                .findFirst();
    }

    private Administration administration() {
        return bench().lapwing().administration();
    }

    private boolean refusesAdministration() {
        return !bench().offers(Capability.ADMINISTRATION, () -> bench().lapwing().administration());
    }
}
