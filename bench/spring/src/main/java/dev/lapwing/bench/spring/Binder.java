// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.spring;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.Message;

/** What StreamBridge needs to be told to publish durably and in a pipeline to one broker. */
interface Binder {
    /** The configuration, as lines of {@code name=value}. */
    String[] properties(String uri, String topic);

    /** Adds what the configuration refers to. */
    default void prepare(ConfigurableApplicationContext context, InFlight inFlight) {}

    /** A message that leaves what is in flight when the broker has confirmed it. */
    Message<byte[]> message(byte[] payload, InFlight inFlight);
}
