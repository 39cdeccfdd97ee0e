// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Message;

/** The runtime's ear on replies. Called from any thread; the methods return at once. */
public interface ReplyListener {

    /**
     * A reply came.
     *
     * @param correlationId the correlation id of its request
     * @param reply the message, as the one who replied wrote it
     */
    void reply(String correlationId, Message reply);

    /**
     * The broker says that nobody listens where the request went: waiting is of no use. Where the
     * broker refuses such a request, this is called before the send is completed.
     *
     * @param correlationId the correlation id of the request
     */
    void nobodyListens(String correlationId);
}
