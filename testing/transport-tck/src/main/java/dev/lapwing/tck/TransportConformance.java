// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.util.Objects;

/**
 * The whole suite. A transport passes it by a class of its own:
 *
 * <pre>{@code
 * class MemoryConformanceTest extends TransportConformance {
 *     @Override
 *     protected TransportUnderTest transport() {
 *         return () -> Space.inProcess("memory:" + UUID.randomUUID());
 *     }
 * }
 * }</pre>
 */
public abstract class TransportConformance
        implements SendChecks,
                SettleChecks,
                LeaseChecks,
                CreditChecks,
                PublishChecks,
                PublishOptionChecks,
                GroupChecks,
                ReplayChecks,
                PatternChecks,
                RetryChecks,
                OrderChecks,
                ConsumerChecks,
                LifecycleChecks,
                OutageChecks,
                CrashChecks,
                GuaranteeChecks,
                RequestChecks,
                AdministrationChecks,
                CapabilityChecks,
                BadInputChecks,
                AccountChecks,
                ScheduleChecks {

    private @Nullable Workbench bench;

    /** For subclasses. */
    protected TransportConformance() {}

    /** What is tested. */
    protected abstract TransportUnderTest transport();

    @BeforeEach
    final void openSpace() throws Exception {
        TransportUnderTest transport = transport();
        bench = new Workbench(transport.open(), transport.pace());
    }

    @AfterEach
    final void closeSpace() throws Exception {
        if (bench != null) {
            bench.close();
        }
    }

    @Override
    public final Workbench bench() {
        return Objects.requireNonNull(bench, "no test runs");
    }
}
