// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Message;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import java.util.Optional;

/** A reference broker of its own. */
final class ReferenceSpace implements Space {

    private final ReferenceBroker broker;
    private final String uri;

    private ReferenceSpace(ReferenceBroker broker, String uri) {
        this.broker = broker;
        this.uri = uri;
    }

    static ReferenceSpace of(ReferenceSettings settings) {
        ReferenceBroker broker = ReferenceBroker.start(settings);
        return new ReferenceSpace(broker, broker.uri());
    }

    /** A broker behind a transport with a flaw. */
    static ReferenceSpace of(Flaw flaw) {
        ReferenceBroker broker = ReferenceBroker.start(flaw.settings());
        return new ReferenceSpace(broker, BrokenProvider.uriOf(flaw, broker));
    }

    @Override
    public String uri() {
        return uri;
    }

    @Override
    public Optional<Runnable> restart() {
        return Optional.of(broker::restart);
    }

    @Override
    public Optional<Outage> outage() {
        return Optional.of(
                Outage.of(() -> broker.breakLinks("the test cut the link"), broker::restoreLinks));
    }

    @Override
    public Optional<Outage> silence() {
        return Optional.of(Outage.of(broker::freeze, broker::thaw));
    }

    @Override
    public Optional<ForeignWriter> foreign() {
        return Optional.of((topic, payload) ->
                broker.writeForeign(Message.to(topic).payload(payload).build()));
    }

    @Override
    public void close() {
        broker.close();
    }
}
