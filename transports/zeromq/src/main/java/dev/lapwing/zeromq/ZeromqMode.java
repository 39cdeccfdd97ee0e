// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Capabilities;

import org.zeromq.SocketType;

import java.util.List;

/** What the sockets do with a message. */
enum ZeromqMode {
    /** Everybody who has subscribed to its topic gets it. */
    PUBSUB(
            SocketType.XPUB,
            SocketType.SUB,
            ZeromqCapabilities.PUBSUB,
            List.of("block", "refuse", "drop")),
    /** One of those who are connected gets it, in turns. */
    PUSHPULL(
            SocketType.PUSH,
            SocketType.PULL,
            ZeromqCapabilities.PUSHPULL,
            List.of("block", "refuse"));

    private final SocketType sends;
    private final SocketType reads;
    private final Capabilities capabilities;
    private final List<String> overflows;

    ZeromqMode(
            SocketType sends, SocketType reads, Capabilities capabilities, List<String> overflows) {
        this.sends = sends;
        this.reads = reads;
        this.capabilities = capabilities;
        this.overflows = overflows;
    }

    static ZeromqMode of(String word) {
        return word.equals("pushpull") ? PUSHPULL : PUBSUB;
    }

    /** The socket that sends. */
    SocketType sends() {
        return sends;
    }

    /** The socket that reads. */
    SocketType reads() {
        return reads;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    /** The overflow rules that the sending socket can keep. */
    List<String> overflows() {
        return overflows;
    }
}
