// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.impl.SocketDataPortWithWriteTimeout;

import java.io.IOException;

/**
 * The client's own socket, with {@link NatsInput} before its reader. Public only because the client
 * makes it by its name; no part of the API.
 */
public final class NatsSocket extends SocketDataPortWithWriteTimeout {

    /** For the client. */
    public NatsSocket() {}

    @Override
    public int read(byte[] target, int offset, int most) throws IOException {
        // The client has a new stream when it connects, and again when it turns to TLS.
        if (!(in instanceof NatsInput)) {
            in = new NatsInput(in);
        }
        return in.read(target, offset, most);
    }
}
