// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;

import java.util.List;

/** Subscriptions by pattern. */
public interface PatternChecks extends Conformance {

    /** One word, many words, topics that were there and topics that are new. */
    @Check(
            proves = {Clause.PATTERNS, Clause.DECLARED},
            flaw = "matches patterns wrongly")
    default void patternGetsWhatMatchesAndNothingElse() {
        Lapwing lapwing = bench().lapwing();
        String root = bench().topic("p");
        if (refusesPatterns(root)) {
            return;
        }
        bench().publishUnheard(root + ".old", "early");
        var one = new Inbox();
        var many = new Inbox();
        var middle = new Inbox();
        lapwing.subscribe(root + ".*").handle(one);
        lapwing.subscribe(root + ".>").handle(many);
        lapwing.subscribe(root + ".*.end").handle(middle);
        List<String> topics =
                List.of(".old", ".new", ".a.b", ".a.end", ".订单", ".a.b.end").stream()
                        .map(end -> root + end)
                        .toList();
        topics.forEach(topic -> lapwing.publish(topic, topic));
        bench().publishUnheard(root, root);
        bench().publishUnheard(root + "x.a", root + "x.a");
        bench().awaitAndHold(() -> {
            assertThat(one.texts())
                    .as("one word")
                    .containsExactlyInAnyOrder(root + ".old", root + ".new", root + ".订单");
            assertThat(many.texts()).as("many words").containsExactlyInAnyOrderElementsOf(topics);
            assertThat(middle.texts()).as("in the middle").containsExactly(root + ".a.end");
        });
    }

    /** A topic that is made while nobody of the group is there. */
    @Check(
            proves = {Clause.PATTERNS, Clause.GROUP_REMEMBERS},
            flaw = "lets a group by pattern miss a topic that is made while it is away")
    default void groupByPatternMissesNoNewTopic() {
        Lapwing lapwing = bench().lapwing();
        String root = bench().topic("pg");
        String group = bench().group("g");
        if (refusesPatterns(root) || bench().refusesGroups(root)) {
            return;
        }
        var first = new Inbox();
        var subscription = lapwing.subscribe(root + ".>").group(group).handle(first);
        lapwing.publish(root + ".a", "one");
        bench().await(() -> assertThat(first.texts()).containsExactly("one"));
        subscription.close();
        lapwing.publish(root + ".a", "two");
        lapwing.publish(root + ".b.c", "three");
        var second = new Inbox();
        lapwing.subscribe(root + ".>").group(group).handle(second);
        bench().awaitAndHold(
                        () -> assertThat(second.texts()).containsExactlyInAnyOrder("two", "three"));
    }

    private boolean refusesPatterns(String root) {
        return !bench().offers(
                        Capability.PATTERNS,
                        () -> bench().lapwing().subscribe(root + ".*").handle(new Inbox()));
    }
}
