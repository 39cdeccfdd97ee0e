// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports of this machine's loopback address.
 *
 * <p>They lie below those that systems give to outgoing connections, so that nobody takes the port
 * of a server while it is down. Safe for use by many threads.
 */
public final class Ports {

    private static final int LOWEST = 10_000;
    private static final int SHARE = 1000;
    private static final int SHARES = 22;
    private static final int TRIES = 10_000;

    /** Each process has its share, so that none takes the port of another one's killed server. */
    private static final int FIRST =
            LOWEST + SHARE * (int) (ProcessHandle.current().pid() % SHARES);

    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** A port on which nobody listens and that was not given out before in this JVM. */
    public static synchronized int free() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST + SHARE);
            if (isFree(port) && GIVEN.add(port)) {
                return port;
            }
        }
        throw new IllegalStateException(
                "no free port between %d and %d: end programs that listen there"
                        .formatted(FIRST, FIRST + SHARE));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
