// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;

import java.util.Arrays;

/**
 * The body of a request while it arrives. It takes memory as it comes, not as it was announced, and
 * what it takes is counted with the worker. Confined to the event loop.
 */
final class Body {
    private static final int FIRST = 4096;
    private static final byte[] EMPTY = {};

    private final Worker worker;
    private final long limit;
    private byte[] bytes = EMPTY;
    private int size;

    /**
     * An empty body.
     *
     * @param announced how long it is said to be; -1 if that is not said
     */
    Body(Worker worker, long limit, long announced) {
        this.worker = worker;
        this.limit = limit;
        if (announced > limit) {
            throw tooLarge(announced + " bytes");
        }
        if (announced > 0) {
            resize((int) Math.min(announced, FIRST));
        }
    }

    /**
     * Takes a piece.
     *
     * @throws Refusal if the body becomes too large, or all bodies together
     */
    void append(ByteBuf piece, long announced) {
        int added = piece.readableBytes();
        long total = (long) size + added;
        if (total > limit) {
            throw tooLarge("more than " + limit + " bytes");
        }
        if (total > bytes.length) {
            long roomy = Math.max(total, Math.min(2L * bytes.length, limit));
            resize((int) (announced >= total ? Math.min(announced, roomy) : roomy));
        }
        piece.readBytes(bytes, size, added);
        size += added;
    }

    private void resize(int capacity) {
        if (!worker.reserveBody(capacity - bytes.length)) {
            throw new Refusal(
                    Problem.unavailable(
                            "Too many large requests arrive at once; send this one again later"));
        }
        bytes = Arrays.copyOf(bytes, capacity);
    }

    private static Refusal tooLarge(String size) {
        return new Refusal(
                Problem.tooLarge(
                        "The body has %s, which is over the server's limit; send less, or start the"
                                        .formatted(size)
                                + " server with a larger maximum payload"));
    }

    /** The whole body; it counts no more. */
    byte[] take() {
        byte[] whole = size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
        release();
        return whole;
    }

    /** Stops counting. */
    void release() {
        worker.reserveBody(-bytes.length);
        bytes = EMPTY;
        size = 0;
    }
}
