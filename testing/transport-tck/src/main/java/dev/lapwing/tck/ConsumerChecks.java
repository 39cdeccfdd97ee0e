// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Delivery;
import dev.lapwing.DeliveryStream;
import dev.lapwing.Lapwing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;

/** The other ways to consume: a blocking loop, and a reactive publisher. */
public interface ConsumerChecks extends Conformance {

    /** Going on accepts; leaving gives back. */
    @Check(
            proves = {Clause.ACK, Clause.DRAIN},
            flaw = "loses the message at which a loop was left")
    default void leavingALoopGivesTheLastMessageBack() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("loop");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var read = new ArrayList<String>();
        try (DeliveryStream stream = lapwing.subscribe(topic).group(group).open()) {
            bench().publishNumbered(topic, 0, 5);
            for (Delivery delivery : stream) {
                read.add(delivery.text());
                if (read.size() == 3) {
                    break;
                }
            }
        }
        List<String> rest = new ArrayList<>(List.of("m0", "m1", "m2", "m3", "m4"));
        rest.removeAll(read.subList(0, 2));
        var inbox = new Inbox();
        lapwing.subscribe(topic).group(group).handle(inbox);
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(rest));
    }

    /** Demand is credit. */
    @Check(
            proves = {Clause.CREDIT, Clause.ACK},
            flaw = "hands a reactive subscriber more than it asked for")
    default void demandIsCredit() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("flow");
        var received = new CopyOnWriteArrayList<String>();
        var demand = new AtomicReference<Flow.Subscription>();
        lapwing.subscribe(topic)
                .publisher()
                .subscribe(
                        new Flow.Subscriber<>() {
                            @Override
                            public void onSubscribe(Flow.Subscription subscription) {
                                demand.set(subscription);
                            }

                            @Override
                            public void onNext(Delivery delivery) {
                                received.add(delivery.text());
                                delivery.accept();
                            }

                            @Override
                            public void onError(Throwable failure) {
                                received.add(failure.toString());
                            }

                            @Override
                            public void onComplete() {}
                        });
        bench().await(() -> assertThat(demand.get()).isNotNull());
        bench().publishNumbered(topic, 0, 10);
        bench().awaitAndHold(() -> assertThat(received).isEmpty());
        demand.get().request(3);
        bench().awaitAndHold(() -> assertThat(received).hasSize(3));
        demand.get().request(100);
        bench().awaitAndHold(() -> assertThat(received).hasSize(10).doesNotHaveDuplicates());
        demand.get().cancel();
    }
}
