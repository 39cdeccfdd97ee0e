// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpResponseStatus;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes answers as HTTP/1.1. Each becomes one buffer; the requests' decoder needs to know nothing
 * of them. Confined to the event loop of its worker.
 */
final class AnswerEncoder {
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n");
    private static final byte[] CONTENT_TYPE = ascii("content-type: ");
    private static final byte[] CONTENT_LENGTH = ascii("content-length: ");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("connection: keep-alive\r\n");
    private static final byte[] LINE_END = ascii("\r\n");

    private final Worker worker;
    private final ByteBufAllocator allocator;

    AnswerEncoder(Worker worker, ByteBufAllocator allocator) {
        this.worker = worker;
        this.allocator = allocator;
    }

    /** The interim answer that asks for the body. */
    ByteBuf goOn() {
        return allocator.directBuffer(CONTINUE.length).writeBytes(CONTINUE);
    }

    /** The bytes of an answer; the caller owns them. */
    ByteBuf encode(
            Answer answer, boolean keepAlive, boolean old, boolean headOnly, List<String> more) {
        ByteBuf out = allocator.directBuffer(256 + answer.body().length);
        writeStatus(out, answer.status());
        out.writeBytes(worker.dateLine());
        if (!answer.mediaType().isEmpty()) {
            out.writeBytes(CONTENT_TYPE);
            out.writeCharSequence(answer.mediaType(), StandardCharsets.US_ASCII);
            out.writeBytes(LINE_END);
        }
        if (answer.status() != 204 && answer.status() >= 200) {
            out.writeBytes(CONTENT_LENGTH);
            out.writeCharSequence(
                    Integer.toString(answer.body().length), StandardCharsets.US_ASCII);
            out.writeBytes(LINE_END);
        }
        writeLines(out, answer.headers());
        writeLines(out, more);
        if (!keepAlive && answer.status() >= 200) {
            out.writeBytes(CLOSE);
        } else if (old) {
            out.writeBytes(KEEP_ALIVE);
        }
        out.writeBytes(LINE_END);
        return headOnly ? out : out.writeBytes(answer.body());
    }

    private static void writeStatus(ByteBuf out, int status) {
        if (status == 200) {
            out.writeBytes(OK);
        } else {
            out.writeCharSequence(
                    "HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n",
                    StandardCharsets.US_ASCII);
        }
    }

    private static void writeLines(ByteBuf out, List<String> lines) {
        for (int at = 0; at < lines.size(); at++) {
            out.writeCharSequence(lines.get(at), StandardCharsets.US_ASCII);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
