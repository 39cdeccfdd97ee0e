// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.BrokerAddress;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.netty.channel.Channel;
import io.netty.util.concurrent.EventExecutorGroup;

import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Makes connections, and owns the threads that they run on. A connection that broke is not made
 * again by the client library: with it go the commands that have no reply yet, as nobody knows
 * whether the server took them.
 */
final class RedisDialer implements AutoCloseable {
    private final RedisSettings settings;
    private final RedisHandshake handshake = new RedisHandshake();
    private final ClientResources resources;
    private final RedisClient client;

    RedisDialer(RedisSettings settings) {
        this.settings = settings;
        resources =
                DefaultClientResources.builder()
                        .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                        .nettyCustomizer(handshake)
                        .build();
        client = RedisClient.create(resources);
        client.setOptions(options());
    }

    private ClientOptions options() {
        var options =
                ClientOptions.builder()
                        .autoReconnect(false)
                        .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                        .protocolVersion(
                                settings.pubsub() ? ProtocolVersion.RESP3 : ProtocolVersion.RESP2)
                        .useHashIndexQueue(false)
                        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                        .socketOptions(
                                SocketOptions.builder()
                                        .connectTimeout(settings.connectTimeout())
                                        .keepAlive(true)
                                        .tcpNoDelay(true)
                                        .build());
        if (settings.tls()) {
            var tls =
                    SslOptions.builder()
                            .jdkSslProvider()
                            .handshakeTimeout(settings.connectTimeout());
            settings.ca().ifPresent(file -> tls.trustManager(file.toFile()));
            options.sslOptions(tls.build());
        }
        return options.build();
    }

    EventExecutorGroup timers() {
        return resources.eventExecutorGroup();
    }

    /**
     * Connects to the first server that takes it.
     *
     * @throws LapwingException if none does; tells about the last
     */
    RedisWire dial() {
        return dial((uri, made) ->
                new RedisWire(settings, client.connect(ByteArrayCodec.INSTANCE, uri), made.get()));
    }

    /** Connects as a subscriber of channels. */
    Subscriber dialSubscriber() {
        return dial((uri, made) -> {
            var connection = client.connectPubSub(ByteArrayCodec.INSTANCE, uri);
            return new Subscriber(connection, new RedisWire(settings, connection, made.get()));
        });
    }

    /** A connection that channels are heard on, and the wire that it is. */
    record Subscriber(StatefulRedisPubSubConnection<byte[], byte[]> connection, RedisWire wire) {}

    private interface Dialing<T> {
        T to(RedisURI uri, java.util.function.Supplier<Channel> made);
    }

    private synchronized <T> T dial(Dialing<T> dialing) {
        LapwingException last = null;
        for (BrokerAddress.Host host : settings.address().hosts()) {
            try {
                handshake.begin();
                T made = dialing.to(uri(host), () -> Objects.requireNonNull(handshake.channel()));
                handshake.end();
                return made;
            } catch (RedisException e) {
                last = RedisErrors.connecting(settings, host.toString(), handshake.refusal(), e);
                if (last instanceof AccessDeniedException || last instanceof InvalidUriException) {
                    throw last;
                }
            }
        }
        throw Objects.requireNonNull(last);
    }

    private RedisURI uri(BrokerAddress.Host host) {
        var uri =
                RedisURI.builder()
                        .withHost(host.name())
                        .withPort(host.port())
                        .withDatabase(settings.database())
                        .withTimeout(settings.connectTimeout())
                        .withClientName("lapwing");
        if (settings.tls()) {
            uri.withSsl(true).withVerifyPeer(SslVerifyMode.FULL);
        }
        settings.address()
                .password()
                .ifPresent(password ->
                        settings.address()
                                .user()
                                .ifPresentOrElse(
                                        user -> uri.withAuthentication(user, password),
                                        () -> uri.withPassword(password.toCharArray())));
        return uri.build();
    }

    @Override
    public void close() {
        var _ =
                client.shutdownAsync(0, 2, TimeUnit.SECONDS)
                        .whenComplete((done, failure) -> {
                            var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
                        });
    }
}
