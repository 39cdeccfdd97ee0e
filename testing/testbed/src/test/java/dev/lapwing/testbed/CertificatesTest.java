// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

class CertificatesTest {

    @Test
    void serversWithACertificateAreTrustedByWhoTrustsItsAuthority() throws Exception {
        Certificates certificates = Certificates.create();
        try (RedisServer redis = RedisServer.start(RedisOptions.standard().withTls(certificates));
                KafkaServer kafka =
                        KafkaServer.start(KafkaOptions.standard().withTls(certificates));
                RabbitServer rabbit =
                        RabbitServer.start(RabbitOptions.standard().withTls(certificates))) {
            for (BrokerServer server : new BrokerServer[] {redis, kafka, rabbit}) {
                assertThat(server.uri()).endsWith("ca=" + certificates.authority());
                assertThat(protocolWith(server, certificates)).startsWith("TLSv1");
                assertThatThrownBy(() -> protocolWith(server, Certificates.create()))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @Test
    void certificateOfAnotherHostIsRefused() throws Exception {
        Certificates certificates = Certificates.ofAnotherHost();
        try (RedisServer redis = RedisServer.start(RedisOptions.standard().withTls(certificates))) {
            assertThatThrownBy(() -> protocolWith(redis, certificates))
                    .isInstanceOf(SSLHandshakeException.class);
        }
    }

    private static String protocolWith(BrokerServer server, Certificates trusted) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting(trusted.authority()).getTrustManagers(), null);
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getProtocol();
        }
    }

    private static TrustManagerFactory trusting(Path authority) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream file = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
