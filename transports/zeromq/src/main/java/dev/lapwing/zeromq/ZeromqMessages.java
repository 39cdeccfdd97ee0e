// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Headers;
import dev.lapwing.Message;

import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/**
 * Messages as frames: the topic in UTF-8, and the payload. Used on the loop only.
 *
 * <p>What foreign programs write is taken like this: a message of one frame has that frame for its
 * payload, and its topic is the text before the first space, or all of it. Frames behind the second
 * become headers of the name {@link #FRAME}, in their order.
 */
final class ZeromqMessages {

    /** The name of a header that holds a frame behind the second. */
    static final String FRAME = "zmq-frame";

    private final InstantSource clock;
    private String sentTopic = "";
    private byte[] sentFrame = {};
    private String readTopic = "";
    private byte[] readFrame = {};

    ZeromqMessages(InstantSource clock) {
        this.clock = clock;
    }

    private record Frames(String topic, byte[] payload, Headers headers, Instant timestamp)
            implements Message {
        @Override
        public Optional<String> id() {
            return Optional.empty();
        }

        @Override
        public Optional<String> key() {
            return Optional.empty();
        }
    }

    /** Hands a message to a socket; false if there is no room for it. */
    boolean send(ZMQ.Socket socket, Message message) {
        return socket.send(frame(message.topic()), ZMQ.SNDMORE | ZMQ.DONTWAIT)
                && socket.send(message.payload(), ZMQ.DONTWAIT);
    }

    private byte[] frame(String topic) {
        if (!topic.equals(sentTopic)) {
            sentFrame = topic.getBytes(StandardCharsets.UTF_8);
            sentTopic = topic;
        }
        return sentFrame;
    }

    /** Takes a message from a socket; null if there is none. */
    @Nullable Message receive(ZMQ.Socket socket) {
        byte[] first = socket.recv(ZMQ.DONTWAIT);
        if (first == null) {
            return null;
        }
        if (!socket.hasReceiveMore()) {
            return new Frames(topicOfText(first), first, Headers.none(), clock.instant());
        }
        byte[] payload = socket.recv();
        Headers headers = Headers.none();
        while (socket.hasReceiveMore()) {
            headers = headers.with(FRAME, socket.recv());
        }
        return new Frames(topic(first), payload, headers, clock.instant());
    }

    private String topic(byte[] frame) {
        if (!Arrays.equals(frame, readFrame)) {
            readTopic = new String(frame, StandardCharsets.UTF_8);
            readFrame = frame;
        }
        return readTopic;
    }

    private static String topicOfText(byte[] frame) {
        String text = new String(frame, StandardCharsets.UTF_8);
        int space = text.indexOf(' ');
        return space < 0 ? text : text.substring(0, space);
    }
}
