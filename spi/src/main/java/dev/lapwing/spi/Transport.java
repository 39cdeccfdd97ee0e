// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;

/**
 * Lapwing's side of one broker: sends, receives, and says what it can do. Safe for use by many
 * threads.
 *
 * <p>A transport keeps its link up by itself: after a reconnect, everything that was declared
 * (queues, bindings, groups, receivers) is in force again before the state is connected. It never
 * sends a message twice of its own accord: what it cannot tell is "unknown", and the runtime
 * decides.
 */
public interface Transport extends AutoCloseable {

    /**
     * What the broker does natively, and for the rest what to use instead. Never {@code EMULATED}:
     * what can be emulated is the runtime's to add.
     */
    Capabilities capabilities();

    /** What {@link Receiver#settle} moves. */
    SettleUnit settleUnit();

    /** The one sender of this transport. */
    Sender sender();

    /**
     * Opens a receiver, which is in force when this returns: messages published afterwards reach
     * it, although it delivers nothing before credit is granted. The runtime asks only for what
     * {@link #capabilities()} has.
     *
     * @throws dev.lapwing.LapwingException if the broker refuses
     */
    Receiver receive(ReceiverRequest request, ReceiverListener listener);

    /**
     * Opens the way of replies, which is in force when this returns; called once, and only where
     * {@code REQUEST_REPLY} is native.
     *
     * @throws dev.lapwing.LapwingException if the broker refuses
     */
    default Replies replies(ReplyListener listener) {
        throw new UnsupportedOperationException(
                "REQUEST_REPLY is declared native, and replies() is missing");
    }

    /** Topics and groups; called only where {@code ADMINISTRATION} is native. */
    Administration administration();

    /**
     * Closes the link and what it holds. The runtime closes its receivers before. Sends without a
     * result complete as unknown. Closing twice does nothing.
     */
    @Override
    void close();
}
