// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.awaitility.Awaitility.await;

import dev.lapwing.Delivery;
import dev.lapwing.MessageHandler;

import org.awaitility.core.ThrowingRunnable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A handler that keeps what it gets. */
final class Ear implements MessageHandler {
    private final List<Delivery> heard = new CopyOnWriteArrayList<>();

    @Override
    public void handle(Delivery delivery) {
        heard.add(delivery);
    }

    List<Delivery> heard() {
        return heard;
    }

    List<String> texts() {
        return heard.stream().map(Delivery::text).toList();
    }

    /** Waits for one delivery, and tells it. */
    Delivery first() {
        eventually(() -> org.assertj.core.api.Assertions.assertThat(heard).isNotEmpty());
        return heard.getFirst();
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .pollInterval(Duration.ofMillis(10))
                .untilAsserted(assertion);
    }
}
