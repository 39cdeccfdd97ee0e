// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A connection to one broker, or to the log inside this process: publishes messages and subscribes
 * to topics.
 *
 * <p>The URI chooses the transport: {@code embedded:DIR}, {@code memory:}, {@code lapwing://host},
 * and every other transport on the class path. The meaning of each method is the same on all of
 * them; what a transport cannot do is refused with an {@link UnsupportedCapabilityException} at the
 * call, never done in a weaker way.
 *
 * <p>One instance serves a whole program: it is safe for use by many threads. Closing it drains its
 * subscriptions and closes the link.
 */
public interface Lapwing extends AutoCloseable {

    /**
     * Connects with default options.
     *
     * @param uri the transport and its address, for example {@code embedded:data}
     * @throws InvalidUriException if the scheme or an option is unknown; names the nearest known
     *     one
     * @throws ConnectionFailedException if the broker cannot be reached or the log cannot be
     *     opened, at once or after the time of {@link ConnectOptions#waitForBroker}
     * @throws AccessDeniedException if the broker refuses the user or the password
     */
    static Lapwing connect(String uri) {
        return connect(uri, ConnectOptions.defaults());
    }

    /**
     * Connects with the given options.
     *
     * @throws InvalidUriException if the scheme or an option is unknown; names the nearest known
     *     one
     * @throws ConnectionFailedException if the broker cannot be reached or the log cannot be
     *     opened, at once or after the time of {@link ConnectOptions#waitForBroker}
     * @throws AccessDeniedException if the broker refuses the user or the password
     */
    static Lapwing connect(String uri, ConnectOptions options) {
        return ServiceLoader.load(Connector.class, Lapwing.class.getClassLoader())
                .findFirst()
                .orElseThrow(() ->
                        new ConnectionFailedException(
                                "No Lapwing runtime on the class path;"
                                        + " add the artifact dev.lapwing:lapwing-runtime"))
                .connect(uri, options);
    }

    /**
     * Publishes text (as UTF-8) and waits until it is stored.
     *
     * @see #publish(Message)
     */
    default PublishResult.Stored publish(String topic, String text) {
        return publish(Message.to(topic).text(text).build());
    }

    /**
     * Publishes bytes and waits until they are stored. The array must not change during the call.
     *
     * @see #publish(Message)
     */
    default PublishResult.Stored publish(String topic, byte[] payload) {
        return publish(Message.to(topic).payload(payload).build());
    }

    /**
     * Publishes one message and waits until it is stored: confirmed by the broker, or forced to
     * disk by the embedded log. What exactly "stored" promises is told by {@link #capabilities()}.
     *
     * @return where it was stored, and whether it was a duplicate of an earlier message id
     * @throws PublishRefusedException if the broker refused it: it is not stored
     * @throws PublishUnknownException if the link broke, the time ran out or this thread was
     *     interrupted before the confirmation: it may be stored
     * @throws InvalidMessageException if the message breaks a limit; nothing was sent
     * @throws UnsupportedCapabilityException if the message asks for what the transport cannot do
     * @throws ClosedException if this connection is closed
     */
    PublishResult.Stored publish(Message message);

    /**
     * Publishes one message without waiting.
     *
     * <p>The future fails with {@link PublishRefusedException} or {@link PublishUnknownException}.
     * What depends on it runs on one thread of this connection: keep it short. When too many
     * messages are in flight the call waits for room; {@link ConnectOptions#overflow} changes that.
     *
     * @throws InvalidMessageException if the message breaks a limit; nothing was sent
     * @throws UnsupportedCapabilityException if the message asks for what the transport cannot do
     * @throws ClosedException if this connection is closed
     */
    CompletableFuture<PublishResult.Stored> publishAsync(Message message);

    /**
     * Publishes many messages and waits for all. Each is stored or not by itself: a batch is faster
     * than single messages, but it is no transaction. Every message is checked before the first is
     * sent.
     *
     * @return one result for each message, in the order given
     * @throws BatchPublishException if at least one is not known to be stored; it carries the
     *     result of every message
     * @throws InvalidMessageException if any message breaks a limit; nothing was sent
     */
    List<PublishResult.Stored> publishAll(List<Message> messages);

    /**
     * Sends a request and waits for its reply. A responder is any subscription that ends in {@link
     * SubscriptionBuilder#reply}.
     *
     * @param timeout how long to wait for the reply, above zero
     * @throws RequestTimeoutException if no reply came in time; the request may have been handled
     * @throws NoReplierException if the broker tells that nobody listens on the topic; the request
     *     was not handled
     */
    Message request(Message request, java.time.Duration timeout);

    /**
     * Begins a subscription.
     *
     * @param topicOrPattern a topic, or a pattern with {@code *} (one word) or {@code >} (one or
     *     more words at the end)
     * @throws InvalidTopicException if it is neither
     */
    SubscriptionBuilder subscribe(String topicOrPattern);

    /**
     * The messages of a topic that a group gave up on.
     *
     * @throws InvalidTopicException if the topic's name is not valid
     */
    DeadLetters deadLetters(String topic, String group);

    /**
     * Topics, groups and their lag.
     *
     * @throws UnsupportedCapabilityException if the transport cannot tell
     */
    Administration administration();

    /** What this connection's transport can do, natively or by the runtime. */
    Capabilities capabilities();

    /** The state of the link now. */
    ConnectionState state();

    /**
     * Calls the listener at every change of {@link #state()}, on a thread of this connection, until
     * it is closed.
     */
    void onStateChange(Consumer<ConnectionState> listener);

    /**
     * Closes: every subscription drains within {@link ConnectOptions#drainTimeout}, publishes in
     * flight are waited for within the same time, then the link closes. Closing twice does nothing.
     */
    @Override
    void close();
}
