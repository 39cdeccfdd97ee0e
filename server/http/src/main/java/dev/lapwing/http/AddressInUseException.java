// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.LapwingException;

/** The server cannot listen because another program listens at its address. */
public final class AddressInUseException extends LapwingException {
    private static final long serialVersionUID = 1L;

    AddressInUseException(String host, int port, Throwable cause) {
        super(
                ("Port %d at %s is in use by another program. Stop that program, or take another"
                                + " port; port 0 picks a free one")
                        .formatted(port, host),
                cause);
    }
}
