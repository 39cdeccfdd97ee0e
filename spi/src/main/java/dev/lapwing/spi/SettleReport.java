// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.util.List;

/**
 * How settling went.
 *
 * @param confirmed whether the broker confirmed it, so that it survives a crash
 * @param stale those that were no longer ours: for them nothing was changed
 */
public record SettleReport(boolean confirmed, List<? extends Received> stale) {

    private static final SettleReport CONFIRMED = new SettleReport(true, List.of());
    private static final SettleReport UNCONFIRMED = new SettleReport(false, List.of());

    /** All settled and confirmed. */
    public static SettleReport allConfirmed() {
        return CONFIRMED;
    }

    /** All handed over; the broker does not confirm. */
    public static SettleReport allUnconfirmed() {
        return UNCONFIRMED;
    }
}
