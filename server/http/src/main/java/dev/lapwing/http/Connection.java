// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * A client's connection as its {@link Worker} looks at it: it looks at all of them now and then,
 * instead of keeping one timer for each. Confined to the worker's event loop.
 */
abstract class Connection extends ChannelInboundHandlerAdapter {

    /** Where it stands in the worker's list; owned by the worker. */
    int slot = -1;

    /** Does what time asks for. */
    abstract void sweep(long now);

    /** The server stops: a connection for requests ends when those it has are answered. */
    void drainRequests() {}

    /** The server stops, and no more requests come: a subscriber ends with where it stands. */
    void drainSubscriber() {}

    /** Ends at once. */
    abstract void kill();
}
