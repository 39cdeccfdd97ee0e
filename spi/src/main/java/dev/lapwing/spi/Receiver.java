// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Delivers the messages of one subscription. Safe for use by many threads. */
public interface Receiver extends AutoCloseable {

    /**
     * Allows this many deliveries more. A receiver never delivers beyond what was granted. Settling
     * gives no credit back: the runtime grants anew.
     *
     * @param deliveries from 1 up
     */
    void grant(int deliveries);

    /**
     * Settles deliveries of this receiver, all in the same way. Legal from any thread, in any
     * order, and for deliveries that are lost already: these come back as stale.
     *
     * @return completes when the broker has confirmed it, or at once where it never confirms; fails
     *     with a {@link dev.lapwing.LapwingException} only when the link broke, so that it is not
     *     known
     */
    CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries);

    /**
     * Delivers nothing more, whatever credit is left. When the future completes no call of {@link
     * ReceiverListener#deliver} is running or will come. Deliveries that are here can still be
     * settled.
     */
    CompletableFuture<Void> stop();

    /**
     * Ends the receiver: leaves its group, and gives back at once what is not settled, without
     * counting an attempt where the broker can do that. Waits until this is done or the link is
     * down. Closing twice does nothing.
     */
    @Override
    void close();
}
