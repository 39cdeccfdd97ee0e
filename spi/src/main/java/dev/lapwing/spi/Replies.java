// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

/**
 * The broker's own way of replies, where {@code REQUEST_REPLY} is native: an address that only this
 * connection hears. Safe for use by many threads.
 *
 * <p>A request is a message that is sent with {@link Sender#send}, with {@link #address()} as its
 * reply-to and a correlation id; the sender knows its own address and does what the broker needs.
 * After a reconnect the address is heard again; replies to requests from before may be lost, which
 * their callers see as a time-out.
 */
public interface Replies extends AutoCloseable {

    /** What the runtime writes as the reply-to of a request. The same until this is closed. */
    String address();

    /**
     * Sends a reply to an address that a request carried, a foreign client's too, verbatim. It is
     * the reply-to of that request, not a topic.
     *
     * @param reply its topic is the address of the request; it has the request's correlation id if
     *     there was one
     */
    void answer(SendRequest reply);

    /** Hears no more replies. Closing twice does nothing. */
    @Override
    void close();
}
