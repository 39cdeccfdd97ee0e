// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * JeroMQ: who publishes binds, who subscribes connects; a message is two frames, topic and payload.
 * A publish is done when the socket has taken it. Each socket is used by one thread.
 */
final class RawZeromq implements RawClient {
    private static final int HIGH_WATER_MARK = 100_000;

    private final String endpoint;
    private final ZContext context = new ZContext(1);

    RawZeromq(String uri) {
        endpoint = "tcp://" + URI.create(uri).getAuthority();
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        ZMQ.Socket socket = context.createSocket(SocketType.XPUB);
        socket.setSndHWM(HIGH_WATER_MARK);
        socket.bind(endpoint);
        // The first thing that an XPUB socket receives is the subscription.
        socket.recv();
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        return new Outlet() {
            @Override
            public void publish(byte[] payload) {
                socket.sendMore(name);
                socket.send(payload);
                window.leave(1);
            }

            @Override
            public void close() {
                socket.close();
            }
        };
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler) {
        ZMQ.Socket socket = context.createSocket(SocketType.SUB);
        socket.setRcvHWM(HIGH_WATER_MARK);
        socket.setReceiveTimeOut(100);
        socket.connect(endpoint);
        socket.subscribe(topic.getBytes(StandardCharsets.UTF_8));
        var reading = new Reading(socket, handler);
        Thread thread = Thread.ofPlatform().name("read").start(reading);
        return () -> {
            reading.running = false;
            thread.join();
        };
    }

    private static final class Reading implements Runnable {
        private final ZMQ.Socket socket;
        private final Handler handler;
        volatile boolean running = true;

        Reading(ZMQ.Socket socket, Handler handler) {
            this.socket = socket;
            this.handler = handler;
        }

        @Override
        public void run() {
            while (running) {
                if (socket.recv() != null) {
                    handler.handle(socket.recv());
                }
            }
            socket.close();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
