// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;

import java.util.concurrent.CountDownLatch;

/**
 * The same program over every broker, and over none: only the URI changes.
 *
 * <p>Run it with {@code memory:}, {@code embedded:data}, {@code amqp://localhost}, {@code
 * kafka://localhost}, {@code redis://localhost}, {@code nats://localhost} or {@code
 * zmq+tcp://localhost:5555}.
 */
public final class OneProgram {
    private OneProgram() {}

    /** Publishes three orders and prints them as they arrive. */
    public static void main(String[] uri) throws InterruptedException {
        try (var lapwing = Lapwing.connect(uri[0])) {
            var arrived = new CountDownLatch(3);
            lapwing.subscribe("orders.created")
                    .handle(order -> {
                        System.out.println(order.text());
                        arrived.countDown();
                    });
            for (int number = 1; number <= 3; number++) {
                lapwing.publish("orders.created", "order " + number);
            }
            arrived.await();
        }
    }
}
