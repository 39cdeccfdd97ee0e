// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP proxy in front of a server whose links break as a test asks.
 *
 * <p>Any thread may use it. What is asked holds for the links there are and for those to come,
 * until it is taken back.
 */
public final class LinkProxy implements AutoCloseable {

    private static final int CONNECT_MILLIS = 2000;
    private static final Duration BIND_PATIENCE = Duration.ofSeconds(10);
    private static final Duration BIND_PAUSE = Duration.ofMillis(5);

    private final String serverUri;
    private final String serverHost;
    private final int namedPort;
    private final int targetPort;
    private final int port;
    private final Weather weather = new Weather(this::cut);
    private final Set<Link> links = ConcurrentHashMap.newKeySet();

    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;
    private boolean closed;

    /** In front of {@code server}, at {@code port} (0: any), for what listens at a port there. */
    LinkProxy(BrokerServer server, int port, int targetPort) {
        this.serverUri = server.uri();
        this.serverHost = server.host();
        this.namedPort = server.port();
        this.targetPort = targetPort;
        this.port = port == 0 ? Ports.free() : port;
        listen();
    }

    private LinkProxy(int targetPort) {
        this.serverUri = BrokerServer.LOOPBACK + ":" + targetPort;
        this.serverHost = BrokerServer.LOOPBACK;
        this.namedPort = targetPort;
        this.targetPort = targetPort;
        this.port = Ports.free();
        listen();
    }

    /** In front of what listens, or will listen, at this port of the loopback address. */
    public static LinkProxy to(int port) {
        return new LinkProxy(port);
    }

    /** The port at which it listens on the loopback address. */
    public int port() {
        return port;
    }

    /** The server's URI with this proxy's port. */
    public String uri() {
        return serverUri.replace(serverHost + ":" + namedPort, BrokerServer.LOOPBACK + ":" + port);
    }

    /** A URI in which {@code PORT} stands for this proxy's port. */
    public String uri(String template) {
        return template.replace("PORT", Integer.toString(port));
    }

    /** Closes all links and refuses new ones until {@link #heal}. */
    public synchronized void cut() {
        ServerSocket open = listener;
        listener = null;
        if (open != null) {
            close(open);
            awaitRefusal();
        }
        links.forEach(Link::close);
    }

    /** Accepts links again after a cut, and lets everything through at once and in full. */
    public synchronized void heal() {
        weather.clear();
        if (listener == null && !closed) {
            listen();
        }
    }

    /** Leaves the links open, but lets no byte pass either way, until {@link #thaw}. */
    public void freeze() {
        weather.freeze(true);
    }

    /** Lets bytes pass again, with those that waited first. */
    public void thaw() {
        weather.freeze(false);
    }

    /** Passes what comes from now on this much later, both ways; zero passes it at once. */
    public void delay(Duration delay) {
        weather.delay(delay);
    }

    /** Passes at most so many bytes a second on each link and in each direction; zero: any. */
    public void throttle(long bytesPerSecond) {
        weather.throttle(bytesPerSecond);
    }

    /**
     * Ends the direction from the server to its clients on all links there are: clients read an
     * end, while what they send still arrives.
     */
    public void halfClose() {
        links.forEach(Link::endToClient);
    }

    /** Cuts as soon as this many more bytes, of all links together, have gone to the server. */
    public void cutAfter(long bytesToServer) {
        weather.cutAfter(bytesToServer);
    }

    /** How many links are open. */
    public int links() {
        return links.size();
    }

    @Override
    public synchronized void close() {
        closed = true;
        cut();
        weather.clear();
    }

    private synchronized void listen() {
        ServerSocket socket = bind();
        listener = socket;
        acceptor =
                Thread.ofPlatform().daemon().name("proxy-" + port).start(() -> acceptAll(socket));
    }

    /** A socket that was closed a moment ago may hold the port until its accepting thread wakes. */
    private ServerSocket bind() {
        var address = new InetSocketAddress(BrokerServer.LOOPBACK, port);
        long deadline = System.nanoTime() + BIND_PATIENCE.toNanos();
        while (true) {
            try {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(true);
                socket.bind(address);
                return socket;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw new UncheckedIOException("the proxy cannot listen at " + address, e);
                }
                LockSupport.parkNanos(BIND_PAUSE.toNanos());
            }
        }
    }

    /** The system may accept links until the thread that waited for them has let go. */
    private void awaitRefusal() {
        Thread accepting = acceptor;
        try {
            if (accepting != null) {
                accepting.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void acceptAll(ServerSocket socket) {
        while (true) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException e) {
                return; // cut
            }
            Thread.ofVirtual().start(() -> connect(socket, client));
        }
    }

    private void connect(ServerSocket acceptedBy, Socket client) {
        Socket server = new Socket();
        try {
            server.connect(new InetSocketAddress(serverHost, targetPort), CONNECT_MILLIS);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
        } catch (IOException e) {
            close(server);
            close(client);
            return;
        }
        Link link = new Link(client, server, weather, links::remove);
        synchronized (this) {
            if (acceptedBy != listener) { // cut meanwhile
                link.close();
                return;
            }
            links.add(link);
        }
        link.start();
    }

    static void close(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is of no use any more.
        }
    }
}
