// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Streams of one server: a topic is a stream, a group is a group of it. */
final class RedisTransport implements Transport {
    private final RedisLink link;
    private final RedisNames names;
    private final RedisMessages messages;
    private final RedisSender sender;
    private final Capabilities capabilities;
    private final Set<RedisReceiver> receivers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    RedisTransport(RedisLink link) {
        this.link = link;
        names = new RedisNames(link.settings().prefix());
        messages = new RedisMessages(link.settings(), link.clock());
        sender = new RedisSender(link, names, messages);
        capabilities = RedisCapabilities.streams(link.settings().dedupes(), link.facts().mayLose());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.MESSAGE;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        if (request.topics().isPattern()) {
            throw RedisCapabilities.refusal(Capability.PATTERNS);
        }
        RedisReceiver receiver =
                request.group().isPresent()
                        ? new RedisGroupReceiver(
                                link, names, messages, request, listener, this::tellOthers)
                        : new RedisTailReceiver(link, names, messages, request, listener);
        receivers.removeIf(RedisReceiver::isClosed);
        receivers.add(receiver);
        try {
            link.declare(receiver);
        } catch (RuntimeException e) {
            receiver.close();
            throw e;
        }
        return receiver;
    }

    /** A member gave something back: those of its group in this process need not wait to look. */
    private void tellOthers(RedisGroupReceiver giver) {
        for (RedisReceiver receiver : receivers) {
            if (receiver instanceof RedisGroupReceiver member && member.isWith(giver)) {
                member.claimSoon();
            }
        }
    }

    @Override
    public Administration administration() {
        return new RedisAdministration(link, names, messages);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(receivers).forEach(Receiver::close);
            link.close();
        }
    }
}
