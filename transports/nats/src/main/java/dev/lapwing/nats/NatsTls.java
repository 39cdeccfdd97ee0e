// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.ConnectionFailedException;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts what an authority has signed, for the host that it names. */
final class NatsTls {

    private NatsTls() {}

    /**
     * A context for clients.
     *
     * @param ca the file of the authority in PEM; empty for those that the JDK knows
     */
    static SSLContext context(Optional<String> ca) {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(ca.isPresent() ? store(ca.get()) : null);
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {checkingHosts(factory)}, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ConnectionFailedException(
                    "The authority in '%s' cannot be read: %s; ?ca names a file of certificates in PEM"
                            .formatted(ca.orElse("the JDK"), NatsErrors.reason(e)),
                    e);
        }
    }

    private static KeyStore store(String file) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + number++, each);
            }
        }
        if (store.size() == 0) {
            throw new IOException("it holds no certificate");
        }
        return store;
    }

    private static X509ExtendedTrustManager checkingHosts(TrustManagerFactory factory) {
        for (TrustManager each : factory.getTrustManagers()) {
            if (each instanceof X509ExtendedTrustManager manager) {
                return new HostChecking(manager);
            }
        }
        throw new IllegalStateException("every JDK has an X.509 trust manager");
    }

    /**
     * The client makes its sockets without asking for the host in the certificate to be checked;
     * this asks for it, during the handshake.
     */
    private static final class HostChecking extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager trust;

        HostChecking(X509ExtendedTrustManager trust) {
            this.trust = trust;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            if (socket instanceof SSLSocket secure) {
                SSLParameters parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
            }
            trust.checkServerTrusted(chain, type, socket);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkServerTrusted(chain, type, engine);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            trust.checkServerTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            trust.checkClientTrusted(chain, type, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            trust.checkClientTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
