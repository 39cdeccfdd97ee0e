// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import dev.lapwing.Lapwing;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A program that handles four jobs of its group, and has more in hand when it is stuck. */
final class StuckWorker {
    private static final int HANDLED = 4;

    private StuckWorker() {}

    /** The command that runs it in a process of its own. */
    static List<String> command(String uri) {
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                System.getProperty("java.class.path"),
                StuckWorker.class.getName(),
                uri);
    }

    public static void main(String[] uri) throws InterruptedException {
        var never = new CountDownLatch(1);
        var taken = new AtomicInteger();
        try (Lapwing lapwing = Lapwing.connect(uri[0])) {
            lapwing.subscribe("jobs")
                    .group("workers")
                    .lease(KilledConsumerTest.LEASE)
                    .handle(job -> {
                        if (taken.getAndIncrement() == HANDLED) {
                            System.out.println("stuck " + job.text());
                            never.await();
                        }
                        System.out.println("done " + job.text());
                    });
            System.out.println("ready");
            never.await();
        }
    }
}
