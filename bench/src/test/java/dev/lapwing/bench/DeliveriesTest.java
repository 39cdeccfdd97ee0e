// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class DeliveriesTest {
    private final List<Integer> delivered = new ArrayList<>();
    private final Deliveries deliveries = new Deliveries(2, delivered::add);

    @Test
    void messageIsDeliveredWhenTheLastSubscriberHasIt() {
        long text = deliveries.publish(7);

        deliveries.received(0, text);
        assertThat(delivered).isEmpty();
        deliveries.received(0, text);

        assertThat(delivered).containsExactly(7);
        assertThat(deliveries.allDelivered()).isTrue();
    }

    @Test
    void messagesOfSeveralPublishersMayBeOrderedInAnyWayThatAllShare() {
        long first = deliveries.publish(0);
        long second = deliveries.publish(1);

        deliveries.received(0, second);
        deliveries.received(1, first);
        deliveries.received(0, second);
        deliveries.received(1, first);

        assertThat(delivered).containsExactly(1, 0);
    }

    @Test
    void anotherOrderThanThatOfTheOthersIsAFailure() {
        long first = deliveries.publish(0);
        long second = deliveries.publish(1);
        deliveries.received(0, first);

        assertThatThrownBy(() -> deliveries.received(0, second))
                .hasMessageContaining("the others got 00000000 there");
    }

    @Test
    void messageThatComesTwiceIsAFailure() {
        long text = deliveries.publish(0);
        deliveries.received(0, text);

        assertThatThrownBy(() -> deliveries.received(1, text))
                .hasMessageContaining("had already been received");
    }

    @Test
    void messageThatNobodySentIsAFailure() {
        long text = deliveries.publish(0);

        assertThatThrownBy(() -> deliveries.received(0, text + 1))
                .hasMessageContaining("was never sent");
    }

    @Test
    void messageThatNeverComesKeepsTheAccountOpen() {
        deliveries.received(0, deliveries.publish(0));

        assertThat(deliveries.allDelivered()).isFalse();
    }
}
