// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.SubscriptionBuilder;

/** The public API with its default options, the same for every broker. */
final class LapwingClient implements Client {
    private final Lapwing lapwing;
    private final boolean groups;

    /**
     * A connection.
     *
     * @param groups whether the broker keeps messages for groups; else each subscriber sees all
     */
    LapwingClient(String uri, boolean groups) {
        this.lapwing = Lapwing.connect(uri);
        this.groups = groups;
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        return new Outlet() {
            @Override
            public void publish(byte[] payload) {
                lapwing.publishAsync(Message.to(topic).payload(payload).build())
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                            window.leave(1);
                        });
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler) {
        SubscriptionBuilder subscription = lapwing.subscribe(topic).prefetch(prefetch);
        if (groups) {
            subscription.group(group).from(StartAt.earliest());
        }
        return subscription.handle(delivery -> handler.handle(delivery.message().payload()));
    }

    @Override
    public void close() {
        lapwing.close();
    }
}
