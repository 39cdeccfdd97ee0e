// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.MessageHandler;
import dev.lapwing.Subscription;

/**
 * A durable queue of tasks: each is done by one worker, which takes the next when it has done the
 * one before. A worker that dies loses nothing: its task goes to another.
 */
final class TaskQueue {
    private TaskQueue() {}

    static void send(Lapwing lapwing, int tasks) {
        for (int number = 0; number < tasks; number++) {
            lapwing.publish("task_queue", "Task " + number);
        }
    }

    static Subscription work(Lapwing lapwing, MessageHandler worker) {
        return lapwing.subscribe("task_queue").group("workers").prefetch(1).handle(worker);
    }
}
