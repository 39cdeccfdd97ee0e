// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Headers;
import dev.lapwing.Message;

import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What each side writes for the other. */
final class Sample {

    /** A topic that only Unicode can spell. */
    static final String TOPIC = "批量订单";

    static final String HEADER = "order-kind";
    static final String VALUE = "bulk; urgent=1";
    static final String UNICODE_HEADER = "customer";
    static final String UNICODE_VALUE = "Größe 订单";

    private static final int BYTE_VALUES = 256;

    private Sample() {}

    /** Every value that a byte can have. */
    static byte[] payload() {
        byte[] bytes = new byte[BYTE_VALUES];
        for (int i = 0; i < BYTE_VALUES; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** The payload for a command line. */
    static String hex() {
        return HexFormat.of().formatHex(payload());
    }

    static Message message() {
        return Message.to(TOPIC)
                .headers(Headers.none().with(HEADER, VALUE).with(UNICODE_HEADER, UNICODE_VALUE))
                .payload(payload())
                .build();
    }

    static void assertWhole(Foreign.Seen seen) {
        assertThat(seen.payload()).isEqualTo(payload());
        assertThat(seen.headers())
                .containsEntry(HEADER, VALUE)
                .containsEntry(UNICODE_HEADER, UNICODE_VALUE);
    }

    /** Both headers, the payload and nothing else. */
    static void assertWhole(Message message) {
        assertThat(message.topic()).isEqualTo(TOPIC);
        assertThat(message.payload()).isEqualTo(payload());
        assertThat(message.header(HEADER)).contains(VALUE);
        assertThat(message.header(UNICODE_HEADER)).contains(UNICODE_VALUE);
        assertThat(message.headers().entries().stream().map(Headers.Header::name))
                .containsExactlyInAnyOrderElementsOf(List.of(HEADER, UNICODE_HEADER));
    }

    /** Where a subscription puts what comes. */
    static final class Inbox {
        private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();

        void add(Message message) {
            messages.add(message);
        }

        Message next() throws InterruptedException {
            Message message = messages.poll(60, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came within a minute");
            }
            return message;
        }
    }
}
