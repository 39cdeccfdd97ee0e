// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets peers in that know the user and the password, where this program opens the port. Sockets ask
 * it by ZAP, ZeroMQ's protocol for this (RFC 27). Used on the loop only.
 */
final class ZeromqDoor implements ZeromqLoop.Port {

    private static final String ADDRESS = "inproc://zeromq.zap.01";
    private static final byte[] VERSION = bytes("1.0");
    private static final int USER = 6;
    private static final int PASSWORD = 7;

    private final ZMQ.Socket socket;
    private final ZeromqSettings.Login login;

    ZeromqDoor(ZeromqLoop loop, ZeromqSettings.Login login) {
        this.login = login;
        socket = loop.context().socket(SocketType.REP);
        socket.setLinger(0);
        socket.bind(ADDRESS);
    }

    @Override
    public ZMQ.@Nullable Socket socket() {
        return socket;
    }

    @Override
    public boolean work() {
        byte[] first = socket.recv(ZMQ.DONTWAIT);
        if (first == null) {
            return false;
        }
        List<byte[]> frames = new ArrayList<>(List.of(first));
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        answer(frames.get(1), knows(frames));
        return true;
    }

    private boolean knows(List<byte[]> frames) {
        return frames.size() > PASSWORD
                && MessageDigest.isEqual(frames.get(USER), bytes(login.user()))
                && MessageDigest.isEqual(frames.get(PASSWORD), bytes(login.password()));
    }

    private void answer(byte[] request, boolean welcome) {
        socket.sendMore(VERSION);
        socket.sendMore(request);
        socket.sendMore(bytes(welcome ? "200" : "400"));
        socket.sendMore(bytes(welcome ? "OK" : "wrong user or password"));
        socket.sendMore(bytes(welcome ? login.user() : ""));
        socket.send(bytes(""));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
