// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;

import org.zeromq.ZMQException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;

/** What goes wrong with sockets, in words for people. */
final class ZeromqErrors {
    private ZeromqErrors() {}

    /** Why a port cannot be opened, and what to do. */
    static String bindFailed(ZeromqEnds ends, ZMQException failure) {
        if (!isOurs(ends.endpoints().getFirst())) {
            return "the port %s cannot be opened: that is no address of this machine; give one with publish=0.0.0.0:PORT, or let the other side open the port with bind="
                    .formatted(ends);
        }
        return "the port %s cannot be opened (%s): another program or another connection has it; one opens it, so share the connection, let the readers open it with bind=subscriber, or put a forwarder in between with bind=none"
                .formatted(ends, failure.getMessage());
    }

    private static boolean isOurs(String endpoint) {
        try {
            InetAddress address = InetAddress.getByName(URI.create(endpoint).getHost());
            return address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    static ConnectionFailedException notReached(ZeromqEnds ends, ZeromqSettings settings) {
        return new ConnectionFailedException(
                "No ZeroMQ peer answers at %s within %dms; start what opens that port, or let this program open it with bind="
                        .formatted(ends, settings.connectTimeout().toMillis()));
    }

    static ConnectionFailedException notOpened(ZeromqEnds ends, ZMQException failure) {
        return new ConnectionFailedException("Over ZeroMQ, " + bindFailed(ends, failure), failure);
    }

    static AccessDeniedException denied(ZeromqEnds ends, ZeromqSettings settings) {
        return new AccessDeniedException(
                "The ZeroMQ peer at %s refused %s; check the user and the password of the URI"
                        .formatted(
                                ends,
                                settings.login()
                                        .map(login -> "the user '" + login + "'")
                                        .orElse("a connection without a user")));
    }
}
