// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

/** What one settlement moves on the broker. */
public enum SettleUnit {
    /** Nothing: the broker keeps no account of deliveries; settling does nothing. */
    NONE,
    /** One message. */
    MESSAGE,
    /**
     * The floor of a partition: an ack of a delivery says that everything before it in the same
     * {@link Received#partition()} is handled too. The runtime keeps the account and acks only what
     * has no hole below it.
     */
    FLOOR
}
