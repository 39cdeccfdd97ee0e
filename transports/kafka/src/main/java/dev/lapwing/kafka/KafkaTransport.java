// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.ClosedException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

/** Lapwing's side of one Kafka cluster. */
final class KafkaTransport implements Transport {

    private final KafkaLink link;
    private final KafkaTopics topics;
    private final KafkaWatch watch;
    private final KafkaSender sender;
    private final KafkaClients clients;
    private volatile boolean closed;

    private KafkaTransport(KafkaLink link) {
        this.link = link;
        topics = new KafkaTopics(link, new KafkaNames());
        watch = new KafkaWatch(topics, link.settings);
        sender = new KafkaSender(link, topics, watch::appeared);
        clients = new KafkaClients(link);
    }

    static KafkaTransport connect(KafkaSettings settings, TransportContext context) {
        return new KafkaTransport(KafkaLink.open(settings, context));
    }

    @Override
    public Capabilities capabilities() {
        return KafkaCapabilities.of(link.settings);
    }

    @Override
    public SettleUnit settleUnit() {
        return link.settings.sharesGroups() ? SettleUnit.MESSAGE : SettleUnit.FLOOR;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        if (closed) {
            throw new ClosedException(
                    "The connection to %s is closed; connect again to subscribe to '%s'"
                            .formatted(link.settings.shown(), request.topics()));
        }
        if (request.group().isPresent() && link.settings.sharesGroups()) {
            var receiver =
                    new KafkaShareReceiver(link, topics, request, listener, clients, watch::remove);
            watch.add(receiver);
            return receiver.start();
        }
        KafkaReceiver receiver =
                request.group().isPresent()
                        ? new KafkaGroupReceiver(
                                link,
                                topics,
                                request,
                                listener,
                                clients.member(request),
                                watch::remove)
                        : new KafkaOwnReceiver(
                                link,
                                topics,
                                request,
                                listener,
                                clients.reader(request),
                                watch::remove);
        watch.add(receiver);
        return receiver.start();
    }

    @Override
    public Administration administration() {
        return new KafkaAdministration(link, topics, clients, sender::forget);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watch.close();
            watch.receivers().forEach(KafkaWatched::close);
            sender.close();
            link.close();
        }
    }
}
