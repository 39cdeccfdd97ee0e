// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The replay through the public API, a process of its own: a subscription from the earliest
 * message, with one handler that looks at each payload. Prints messages per second.
 */
@Command(name = "replay-load")
final class ReplayLoad implements Callable<Integer> {
    @Option(names = "--data", required = true)
    private Path data = Path.of("");

    @Option(names = "--messages", required = true)
    private long messages;

    @Option(names = "--prefetch", defaultValue = "8192")
    private int prefetch;

    private final CountDownLatch done = new CountDownLatch(1);
    private long seen;
    private long payloadBytes;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ReplayLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        try (Lapwing lapwing = Lapwing.connect("embedded:" + data.toAbsolutePath())) {
            long start = System.nanoTime();
            try (Subscription _ =
                    lapwing.subscribe("bench.0")
                            .from(StartAt.earliest())
                            .prefetch(prefetch)
                            .handle(this::look)) {
                if (!done.await(5, TimeUnit.MINUTES)) {
                    System.err.printf("replay-load: %d of %d messages%n", seen, messages);
                    return 1;
                }
                double seconds = (System.nanoTime() - start) / 1e9;
                Result.of("messages_per_second", messages / seconds)
                        .with("payload_bytes", payloadBytes)
                        .print();
            }
        }
        return 0;
    }

    private void look(Delivery delivery) {
        payloadBytes += delivery.message().payload().length;
        if (++seen == messages) {
            done.countDown();
        }
    }
}
