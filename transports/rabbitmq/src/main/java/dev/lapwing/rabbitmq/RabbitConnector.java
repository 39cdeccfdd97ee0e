// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import dev.lapwing.InvalidUriException;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Makes connections with the settings of a URI. The client's own recovery is off: the link does
 * that. What the client calls back, it calls on the connection's reading thread, and nothing there
 * may wait for the broker.
 */
final class RabbitConnector {
    /** RabbitMQ's own upper limit of a message, in bytes. */
    private static final int LARGEST_MESSAGE = 512 << 20;

    private static final ExecutorService SHUTDOWN = Executors.newVirtualThreadPerTaskExecutor();

    private final RabbitSettings settings;
    private final ConnectionFactory factory;
    private final List<Address> addresses;

    /**
     * Prepares to connect.
     *
     * @throws InvalidUriException if the file of CA certificates cannot be read
     */
    RabbitConnector(RabbitSettings settings) {
        this.settings = settings;
        this.factory = factory(settings);
        this.addresses =
                settings.address().hosts().stream()
                        .map(host -> new Address(host.name(), host.port()))
                        .toList();
    }

    private static ConnectionFactory factory(RabbitSettings settings) {
        var factory = new ConnectionFactory();
        int millis = (int) settings.connectTimeout().toMillis();
        factory.setUsername(settings.user());
        factory.setPassword(settings.password());
        factory.setVirtualHost(settings.vhost());
        factory.setConnectionTimeout(millis);
        factory.setHandshakeTimeout(millis);
        factory.setChannelRpcTimeout(millis);
        factory.setShutdownTimeout(millis);
        factory.setRequestedHeartbeat((int) settings.heartbeat().toSeconds());
        factory.setAutomaticRecoveryEnabled(false);
        factory.setTopologyRecoveryEnabled(false);
        factory.setMaxInboundMessageBodySize(LARGEST_MESSAGE);
        factory.setSharedExecutor(new ReadingThread());
        // Else the reading thread would wait for ever to flush what nobody reads.
        factory.setShutdownExecutor(SHUTDOWN);
        factory.setExceptionHandler(new RabbitExceptions());
        factory.setThreadFactory(
                task -> Thread.ofPlatform().daemon().name("lapwing-rabbitmq").unstarted(task));
        if (settings.tls()) {
            factory.useSslProtocol(trust(settings));
            factory.enableHostnameVerification();
        }
        return factory;
    }

    private static SSLContext trust(RabbitSettings settings) {
        try {
            if (settings.ca().isEmpty()) {
                return SSLContext.getDefault();
            }
            var trusted =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(certificates(settings.ca().get()));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new InvalidUriException(
                    "The CA certificates in ca=%s cannot be read: %s; it must be a PEM file"
                            .formatted(
                                    settings.ca().map(Path::toString).orElse(""), e.getMessage()),
                    e);
        }
    }

    private static KeyStore certificates(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int at = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + at++, each);
            }
            if (at == 0) {
                throw new IOException("there is no certificate in it");
            }
        }
        return store;
    }

    RabbitSettings settings() {
        return settings;
    }

    /** The trust of this connection, for the management API. */
    SSLContext trust() {
        return trust(settings);
    }

    /** Connects to one of the hosts; the name is seen by people in the broker's tools. */
    RabbitWire connect(String name) throws IOException, TimeoutException {
        var sockets = new ArrayList<Socket>();
        ConnectionFactory once = factory.clone();
        // The one that is there checks the host name of the certificate.
        once.setSocketConfigurator(factory.getSocketConfigurator().andThen(sockets::add));
        Connection connection = once.newConnection(addresses, name);
        return new RabbitWire(connection, sockets.getLast());
    }

    /** Runs what the client calls back where it was read, without a hop. */
    private static final class ReadingThread extends AbstractExecutorService {
        private volatile boolean down;

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void shutdown() {
            down = true;
        }

        @Override
        public List<Runnable> shutdownNow() {
            down = true;
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return down;
        }

        @Override
        public boolean isTerminated() {
            return down;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return down;
        }
    }
}
