// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.StartAt;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;

import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

/** Channels of one server: whoever listens hears, and nothing is kept. */
final class RedisChannelTransport implements Transport {
    private final RedisLink link;
    private final RedisNames names;
    private final RedisChannelSender sender;
    private @Nullable RedisChannels channels;
    private @Nullable ScheduledFuture<?> watch;
    private boolean closed;

    RedisChannelTransport(RedisLink link) {
        this.link = link;
        names = new RedisNames(link.settings().prefix());
        sender = new RedisChannelSender(link, names);
    }

    @Override
    public Capabilities capabilities() {
        return RedisCapabilities.channels();
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.NONE;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        if (request.group().isPresent()) {
            throw refusal(Capability.GROUPS);
        }
        if (!(request.start() instanceof StartAt.Now)) {
            throw refusal(Capability.REPLAY);
        }
        RedisChannels all = channels();
        var receiver =
                new RedisChannelReceiver(
                        request.topics(), listener, link.settings().bufferBytes(), all::remove);
        all.add(receiver);
        return receiver;
    }

    /** The wire of channels, which is made for the first who listens. */
    private synchronized RedisChannels channels() {
        RedisChannels known = channels;
        if (known == null) {
            known = new RedisChannels(link, names);
            link.declare(known);
            watch = link.every(link.settings().heartbeat().dividedBy(2), known::check);
            channels = known;
        }
        return known;
    }

    private static UnsupportedCapabilityException refusal(Capability capability) {
        Capabilities table = RedisCapabilities.channels();
        return new UnsupportedCapabilityException(
                table.transport(), capability, table.entry(capability).note());
    }

    @Override
    public Administration administration() {
        throw refusal(Capability.ADMINISTRATION);
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (watch != null) {
            watch.cancel(false);
        }
        if (channels != null) {
            link.forget(channels);
            channels.close();
        }
        link.close();
    }
}
