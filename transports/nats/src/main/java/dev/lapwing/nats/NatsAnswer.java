// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Message;

/** Awaits the answer to one message. Called once, on any thread; returns at once. */
interface NatsAnswer {

    /** The answer came; it may say that nobody is there to answer. */
    void answered(Message answer);

    /** No answer will come: the link broke, or time ran out. */
    void unknown(String reason);
}
