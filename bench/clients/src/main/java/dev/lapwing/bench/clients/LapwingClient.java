// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.SubscriptionBuilder;

/** The public API with its default options, the same for every broker. */
final class LapwingClient implements Client {
    private final Lapwing lapwing;

    LapwingClient(String uri) {
        this.lapwing = Lapwing.connect(uri);
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
        Capabilities capabilities = lapwing.capabilities();
        if (capabilities.has(Capability.GROUPS)) {
            subscription.group(group);
        }
        if (capabilities.has(Capability.REPLAY)) {
            subscription.from(StartAt.earliest());
        }
        return subscription.handle(delivery -> handler.handle(delivery.message().payload()));
    }

    @Override
    public void close() {
        lapwing.close();
    }
}
