// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Lapwing;

import java.util.concurrent.Semaphore;

/** Every message accounted for. */
public interface AccountChecks extends Conformance {

    /** Several publishers, a group of three and a reader of its own; nothing fails. */
    @Check(
            proves = Clause.EXACT_ACCOUNT,
            flaw = "loses, invents or doubles messages where nothing fails")
    default void everyMessageIsAccountedFor() throws InterruptedException {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("account");
        boolean groups = !bench().refusesGroups(topic);
        var account = new Account();
        if (groups) {
            for (int member = 0; member < 3; member++) {
                lapwing.subscribe(topic)
                        .group(bench().group("accounted"))
                        .concurrency(4)
                        .handle(account::delivered);
            }
        } else {
            lapwing.subscribe(topic).concurrency(4).handle(account::delivered);
        }
        int each = bench().pace().messages() / 4;
        var threads = new Thread[4];
        for (int publisher = 0; publisher < threads.length; publisher++) {
            String name = "p" + publisher + "-";
            threads[publisher] =
                    Thread.ofVirtual().start(() -> publish(lapwing, topic, name, each, account));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        bench().awaitAndHold(account::assertComplete);
        account.assertNoDuplicates();
    }

    private static void publish(
            Lapwing lapwing, String topic, String name, int count, Account account) {
        var inFlight = new Semaphore(1000);
        for (int at = 0; at < count; at++) {
            inFlight.acquireUninterruptibly();
            String id = name + at;
            account.publish(lapwing, topic, id)
                    .whenComplete((stored, failure) -> inFlight.release());
        }
        inFlight.acquireUninterruptibly(1000);
    }
}
