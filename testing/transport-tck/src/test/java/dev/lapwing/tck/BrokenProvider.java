// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Opens {@code broken:NAME}, where a test has put a broker with a flaw under this name. */
public final class BrokenProvider implements TransportProvider {

    private record Broken(Flaw flaw, ReferenceBroker broker) {}

    private static final Map<String, Broken> KNOWN = new ConcurrentHashMap<>();

    /** Puts a flaw before a broker; returns what to connect to. */
    static String uriOf(Flaw flaw, ReferenceBroker broker) {
        String name = UUID.randomUUID().toString();
        KNOWN.put(name, new Broken(flaw, broker));
        return "broken:" + name;
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("broken");
    }

    /** One option too many, which is the flaw of "declares an option that it does not have". */
    @Override
    public List<TransportOption> options() {
        return List.of(
                new TransportOption("no-such-option", "anything", "", "Should not be here."));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        Broken broken = KNOWN.get(uri.address());
        return broken.flaw().build().apply(new Link(broken.broker(), context));
    }
}
