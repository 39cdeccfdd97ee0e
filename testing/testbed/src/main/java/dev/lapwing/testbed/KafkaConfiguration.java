// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.nio.file.Path;

/** The {@code server.properties} of a Kafka that starts and rebalances fast. */
final class KafkaConfiguration {

    private static final String STANDARD =
            """
            process.roles=broker,controller
            node.id=1
            controller.quorum.voters=1@HOST:CONTROLLER_PORT
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=DIRECT
            listeners=DIRECT://HOST:DIRECT_PORT,PROXIED://HOST:PROXIED_PORT,CONTROLLER://HOST:CONTROLLER_PORT
            advertised.listeners=DIRECT://HOST:DIRECT_PORT,PROXIED://HOST:ADVERTISED_PORT
            listener.security.protocol.map=DIRECT:PROTOCOL,PROXIED:PROTOCOL,CONTROLLER:PLAINTEXT
            log.dirs=DATA
            broker.heartbeat.interval.ms=400
            broker.session.timeout.ms=4000
            log.segment.bytes=1048576
            auto.create.topics.enable=false
            num.partitions=4
            default.replication.factor=1
            offsets.topic.replication.factor=1
            offsets.topic.num.partitions=4
            transaction.state.log.replication.factor=1
            transaction.state.log.min.isr=1
            transaction.state.log.num.partitions=1
            share.coordinator.state.topic.replication.factor=1
            share.coordinator.state.topic.min.isr=1
            share.coordinator.state.topic.num.partitions=4
            group.initial.rebalance.delay.ms=0
            group.min.session.timeout.ms=1000
            group.consumer.min.session.timeout.ms=1000
            group.consumer.session.timeout.ms=6000
            group.consumer.min.heartbeat.interval.ms=100
            group.consumer.heartbeat.interval.ms=100
            group.share.min.session.timeout.ms=1000
            group.share.session.timeout.ms=6000
            group.share.min.heartbeat.interval.ms=100
            group.share.heartbeat.interval.ms=100
            group.consumer.assignment.interval.ms=0
            group.share.assignment.interval.ms=0
            group.share.min.record.lock.duration.ms=1000
            log.cleaner.dedupe.buffer.size=1048577
            """;

    private KafkaConfiguration() {}

    static String text(KafkaOptions options, KafkaPorts ports, Path data) {
        StringBuilder text =
                new StringBuilder(
                        STANDARD.replace("HOST", BrokerServer.LOOPBACK)
                                .replace("DIRECT_PORT", Integer.toString(ports.direct()))
                                .replace("PROXIED_PORT", Integer.toString(ports.behindProxy()))
                                .replace("ADVERTISED_PORT", Integer.toString(ports.advertised()))
                                .replace("CONTROLLER_PORT", Integer.toString(ports.controller()))
                                .replace("PROTOCOL", protocol(options))
                                .replace("DATA", data.toString()));
        options.certificates()
                .ifPresent(certificates ->
                        text.append(
                                """
                                ssl.keystore.type=PEM
                                ssl.keystore.location=%s
                                ssl.truststore.type=PEM
                                ssl.truststore.location=%s
                                """
                                        .formatted(
                                                certificates.keyAndCertificate(),
                                                certificates.authority())));
        options.user().ifPresent(user -> text.append(accounts(user, options.password())));
        options.config().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static String protocol(KafkaOptions options) {
        String transport = options.certificates().isPresent() ? "SSL" : "PLAINTEXT";
        return options.user().isPresent() ? "SASL_" + transport : transport;
    }

    private static String accounts(String user, String password) {
        String module =
                """
                org.apache.kafka.common.security.plain.PlainLoginModule required \
                username="%1$s" password="%2$s" user_%1$s="%2$s";\
                """
                        .formatted(user, password);
        return """
        sasl.enabled.mechanisms=PLAIN
        sasl.mechanism.inter.broker.protocol=PLAIN
        listener.name.direct.plain.sasl.jaas.config=%1$s
        listener.name.proxied.plain.sasl.jaas.config=%1$s
        """
                .formatted(module);
    }
}
