// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Connects to Redis: {@code redis://host:6379/0}, with TLS {@code rediss://}. Topics are streams;
 * with {@code ?mode=pubsub} they are channels.
 */
public final class RedisProvider implements TransportProvider {
    static final String NAME = "redis";
    static final String TLS = "rediss";

    /** For the service loader. */
    public RedisProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of(NAME, TLS);
    }

    @Override
    public List<TransportOption> options() {
        return RedisSettings.OPTIONS;
    }

    @Override
    public List<TransportMode> modes() {
        return List.of(
                new TransportMode(
                        "redis",
                        "redis://localhost",
                        RedisCapabilities.streams(false, Optional.empty())),
                new TransportMode(
                        "redis, pub/sub",
                        "redis://localhost?mode=pubsub",
                        RedisCapabilities.channels()));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        RedisSettings settings = RedisSettings.of(uri);
        RedisLink link = RedisLink.open(settings, context);
        return settings.pubsub() ? new RedisChannelTransport(link) : new RedisTransport(link);
    }
}
