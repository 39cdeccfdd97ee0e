// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.TransportContext;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The link to the cluster and its state. Kafka's clients reconnect by themselves and tell nobody;
 * so one virtual thread asks for the cluster's nodes every second, and what comes of it is the
 * state. An outage begins with the first question that found no answer.
 */
final class KafkaLink implements AutoCloseable {

    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final int LEAST_API_MILLIS = 5_000;
    private static final int MOST_API_MILLIS = 15_000;

    final KafkaSettings settings;
    final KafkaErrors errors;
    final Admin admin;

    private final TransportContext context;
    private final Map<String, FinalizedVersionRange> features;
    private volatile boolean closed;
    private @Nullable Thread prober;
    private @Nullable Instant downSince;
    private long pauseMillis = FIRST_PAUSE_MILLIS;

    private KafkaLink(
            KafkaSettings settings,
            TransportContext context,
            Admin admin,
            Map<String, FinalizedVersionRange> features) {
        this.settings = settings;
        this.context = context;
        this.admin = admin;
        this.features = features;
        errors = new KafkaErrors(settings);
    }

    /** Connects, or fails within the connect time-out. */
    static KafkaLink open(KafkaSettings settings, TransportContext context) {
        var errors = new KafkaErrors(settings);
        Admin admin = null;
        try {
            admin = Admin.create(adminSettings(settings));
            long millis = settings.connectTimeout().toMillis();
            errors.get(
                    admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) millis))
                            .nodes(),
                    millis + 500,
                    "connecting");
            FeatureMetadata metadata =
                    errors.get(admin.describeFeatures().featureMetadata(), "connecting");
            var link = new KafkaLink(settings, context, admin, metadata.finalizedFeatures());
            link.prober = Thread.ofVirtual().name("lapwing-kafka-link").start(link::probe);
            return link;
        } catch (RuntimeException e) {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
            Throwable cause =
                    e instanceof LapwingException || e.getCause() == null ? e : e.getCause();
            throw errors.told(cause, "connecting");
        }
    }

    private static Map<String, Object> adminSettings(KafkaSettings settings) {
        Map<String, Object> all = settings.client();
        all.put("client.id", "lapwing-admin");
        int millis =
                Math.clamp(
                        settings.deliveryTimeout().toMillis(), LEAST_API_MILLIS, MOST_API_MILLIS);
        all.put("request.timeout.ms", millis / 2);
        all.put("default.api.timeout.ms", millis);
        return all;
    }

    /** Whether the cluster has a feature switched on, at this level or above. */
    boolean hasFeature(String name, int level) {
        FinalizedVersionRange range = features.get(name);
        return range != null && range.maxVersionLevel() >= level;
    }

    Instant now() {
        return context.clock().instant();
    }

    int maxPayloadBytes() {
        return context.maxPayloadBytes();
    }

    /** Looks at once whether the link is up: a send has failed. */
    void suspect() {
        LockSupport.unpark(prober);
    }

    private void probe() {
        while (!closed) {
            Instant asked = now();
            try {
                errors.get(
                        admin.describeCluster(
                                        new DescribeClusterOptions()
                                                .timeoutMs((int) PROBE_TIMEOUT.toMillis()))
                                .nodes(),
                        PROBE_TIMEOUT.toMillis() + 500,
                        "asking whether it is there");
                isUp();
                LockSupport.parkNanos(PROBE_EVERY.toNanos());
            } catch (LapwingException e) {
                LockSupport.parkNanos(isDown(asked, e).toNanos());
            }
        }
    }

    private void isUp() {
        pauseMillis = FIRST_PAUSE_MILLIS;
        if (downSince != null && !closed) {
            downSince = null;
            context.state().accept(new ConnectionState.Connected());
        }
    }

    private Duration isDown(Instant asked, LapwingException cause) {
        if (downSince == null) {
            downSince = asked;
        }
        long jitter = ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
        Duration pause = Duration.ofMillis(pauseMillis / 2 + jitter);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        if (!closed) {
            context.state()
                    .accept(
                            new ConnectionState.Reconnecting(
                                    Objects.requireNonNull(downSince),
                                    cause.getMessage(),
                                    now().plus(pause)));
        }
        return pause;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LockSupport.unpark(prober);
            admin.close(Duration.ZERO);
            context.state().accept(new ConnectionState.Closed("closed by the program"));
        }
    }
}
