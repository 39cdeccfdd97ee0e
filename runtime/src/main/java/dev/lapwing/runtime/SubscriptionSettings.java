// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Gap;
import dev.lapwing.Guarantee;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.ReceiverRequest;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What a subscription was asked to be; checked. The parts are those of the builder. */
record SubscriptionSettings(
        TopicPattern topics,
        Optional<String> group,
        StartAt start,
        Retry retry,
        int concurrency,
        int prefetch,
        Duration lease,
        Guarantee guarantee,
        Consumer<Gap> onGap) {

    /** The group's name in dead letters: "-" without a group. */
    String groupName() {
        return group.orElse("-");
    }

    boolean atMostOnce() {
        return guarantee == Guarantee.AT_MOST_ONCE;
    }

    ReceiverRequest request() {
        return new ReceiverRequest(topics, group, start, lease, prefetch);
    }
}
