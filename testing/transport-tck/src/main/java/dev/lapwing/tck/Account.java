// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What was tried, what was acknowledged, and what was delivered how often. By text. */
final class Account {

    private final Set<String> tried = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, Integer> delivered = new ConcurrentHashMap<>();

    CompletableFuture<PublishResult.Stored> publish(Lapwing lapwing, String topic, String text) {
        tried.add(text);
        return lapwing.publishAsync(Message.to(topic).text(text).build())
                .whenComplete((stored, failure) -> {
                    if (failure == null) {
                        acknowledged.add(text);
                    }
                });
    }

    /** How many were acknowledged so far. */
    int acknowledged() {
        return acknowledged.size();
    }

    void delivered(Delivery delivery) {
        delivered.merge(delivery.text(), 1, Integer::sum);
    }

    /** Acknowledged and never delivered: none. Delivered and never published: none. */
    void assertComplete() {
        assertThat(
                        first(
                                acknowledged.stream()
                                        .filter(text -> !delivered.containsKey(text))
                                        .toList()))
                .as("acknowledged and never delivered, of %d", acknowledged.size())
                .isEmpty();
        assertThat(
                        first(
                                delivered.keySet().stream()
                                        .filter(text -> !tried.contains(text))
                                        .toList()))
                .as("delivered and never published")
                .isEmpty();
    }

    void assertNoDuplicates() {
        assertThat(
                        first(
                                delivered.entrySet().stream()
                                        .filter(entry -> entry.getValue() > 1)
                                        .map(Map.Entry::toString)
                                        .toList()))
                .as("delivered more than once though nothing failed")
                .isEmpty();
    }

    /** How many deliveries there were. */
    int deliveries() {
        return delivered.size();
    }

    /** How many deliveries were repeats. */
    int duplicates() {
        return delivered.values().stream().mapToInt(times -> times - 1).sum();
    }

    /** Enough to see what is wrong. */
    private static List<String> first(List<String> wrong) {
        return wrong.size() <= 10 ? wrong : wrong.subList(0, 10);
    }
}
