// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * What a delivery loop uses of its connection.
 *
 * @param capabilities what the connection can do
 * @param ended told when a loop has ended
 */
record LoopContext(
        Transport transport,
        Capabilities capabilities,
        PublishPipeline pipeline,
        Timers timers,
        ConnectOptions options,
        Consumer<DeliveryLoop> ended) {

    /** Whether the broker keeps an account of what this subscription settles. */
    boolean settles(SubscriptionSettings settings) {
        return settings.group().isPresent() && transport.settleUnit() != SettleUnit.NONE;
    }

    boolean isNative(Capability capability) {
        return capabilities.isNative(capability);
    }

    /** Whether single deliveries can be given back: never past a floor. */
    boolean givesBack(SubscriptionSettings settings, Capability how) {
        return settles(settings) && transport.settleUnit() == SettleUnit.MESSAGE && isNative(how);
    }

    RetryPlanner planner(SubscriptionSettings settings) {
        return new RetryPlanner(
                settings.retry(),
                settings.atMostOnce(),
                givesBack(settings, Capability.GIVE_BACK),
                givesBack(settings, Capability.GIVE_BACK_LATER),
                isNative(Capability.COUNTS_ATTEMPTS),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    DeadLetterWriter deadLetters(SubscriptionSettings settings) {
        return new DeadLetterWriter(
                pipeline, timers, options.clock(), capabilities, settings.groupName());
    }
}
