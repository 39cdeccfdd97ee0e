// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/** Opens {@code kafka://host1:9092,host2:9092}. */
public final class KafkaProvider implements TransportProvider {

    static final String NAME = "kafka";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(NAME);
    }

    @Override
    public List<TransportOption> options() {
        return KafkaSettings.OPTIONS;
    }

    @Override
    public List<TransportMode> modes() {
        String uri = "kafka://localhost:9092";
        return List.of(
                new TransportMode("kafka", uri, KafkaCapabilities.TABLE),
                new TransportMode(
                        "kafka, share groups", uri + "?groups=share", KafkaCapabilities.SHARE));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        return KafkaTransport.connect(KafkaSettings.of(uri), context);
    }
}
