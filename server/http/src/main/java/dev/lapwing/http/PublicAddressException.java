// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.LapwingException;

/** The server would be open to other machines, and there is no authentication yet. */
public final class PublicAddressException extends LapwingException {
    private static final long serialVersionUID = 1L;

    PublicAddressException(String host) {
        super(
                ("The address %s can be reached from other machines, and this server has no"
                     + " authentication: everybody could read and write every topic. Bind 127.0.0.1"
                     + " and put a proxy that checks its users in front, or set allowPublicAddress"
                     + " if the network is closed")
                        .formatted(host));
    }
}
