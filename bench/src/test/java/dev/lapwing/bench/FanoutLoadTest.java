// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The client and the bare server, each in a process of its own, with everything small. */
final class FanoutLoadTest {
    @Test
    void everyWindowIsMeasuredOverTheSameSubscriptions() throws Exception {
        try (Server server = Server.bare(2)) {
            List<Result> results =
                    Child.measure(
                            FanoutLoad.class,
                            "64m",
                            List.of(
                                    "--port",
                                    server.portText(),
                                    "--subscribers",
                                    "20",
                                    "--window",
                                    "1,8",
                                    "--warm-up",
                                    "0.1",
                                    "--seconds",
                                    "0.2"));

            assertThat(results)
                    .extracting(result -> result.value("window"))
                    .containsExactly(1., 8.);
            assertThat(results)
                    .allSatisfy(result ->
                            assertThat(result.value("deliveries_per_second")).isPositive());
        }
    }
}
