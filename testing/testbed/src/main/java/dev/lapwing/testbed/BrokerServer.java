// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A real broker: usually a child process of this JVM on a free port, with its data in a temporary
 * folder, which ends with this JVM however that ends.
 *
 * <p>Any thread may use it; what changes its state waits for what does so already.
 */
public abstract sealed class BrokerServer implements AutoCloseable
        permits RabbitServer, KafkaServer, RedisServer, NatsServer {

    /** The address at which all servers listen. */
    static final String LOOPBACK = "127.0.0.1";

    private final URI uri;
    private final Lifecycle lifecycle;

    BrokerServer(String uri, Lifecycle lifecycle) {
        this.uri = URI.create(uri);
        this.lifecycle = lifecycle;
    }

    /** The address that a test run was given for a kind of broker, if any. */
    static Optional<String> addressIn(String variable) {
        return Optional.ofNullable(System.getenv(variable)).filter(address -> !address.isBlank());
    }

    static String withoutPassword(String uri) {
        return uri.replaceAll(":[^:/@]*@", ":***@");
    }

    /** What Lapwing connects to, with the credentials. */
    public String uri() {
        return uri.toString();
    }

    /** The host on which it listens. */
    public String host() {
        return uri.getHost();
    }

    /** The port on which it listens for clients. */
    public int port() {
        return uri.getPort();
    }

    /** Kills all its processes with SIGKILL and returns when they are gone. */
    public void kill() {
        lifecycle.kill();
    }

    /** Asks it to end with SIGTERM and returns when it is gone. */
    public void stop() {
        lifecycle.stop();
    }

    /** Starts it on the same port and data, and returns when it answers. */
    public void startAgain() {
        lifecycle.start();
    }

    /** Kills it and starts it again. */
    public void restart() {
        kill();
        startAgain();
    }

    /** Stops all its processes in their tracks (SIGSTOP); their connections stay. */
    public void pause() {
        lifecycle.pause();
    }

    /** Lets paused processes go on. */
    public void resume() {
        lifecycle.resume();
    }

    /** A new proxy in front of it; whoever asks for it closes it. */
    public LinkProxy proxy() {
        return new LinkProxy(this, 0, port());
    }

    /** Where it writes what it has to say. */
    public Path log() {
        return lifecycle.log();
    }

    /** Kills it and deletes its data. */
    @Override
    public void close() {
        lifecycle.close();
    }

    @Override
    public String toString() {
        return withoutPassword(uri());
    }
}
