// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Headers become readable, wherever the bytes are torn apart; all else stays as it is. */
class NatsInputTest {

    private static String message(String headers, String body) {
        int size = bytes(headers).length;
        return "HMSG a.订 1 _R.x %d %d\r\n%s%s\r\n"
                .formatted(size, size + bytes(body).length, headers, body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What comes out when at most so many bytes come in at once. */
    private static String through(String wire, int most) throws IOException {
        var torn =
                new ByteArrayInputStream(bytes(wire)) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(most, length));
                    }
                };
        try (InputStream in = new NatsInput(torn)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void headersThatTheClientCannotReadAreEncoded() throws IOException {
        String around = "INFO {\"a\":1}\r\nMSG a.b 1 6\r\nHM\r\nSG\r\nPING\r\n";
        String plain = message("NATS/1.0\r\nb:x y\r\n\r\n", "HMSG \r\n1 2");
        String foreign = message("NATS/1.0\r\nn: 订单\r\nok:1\r\nnoise\r\nü:\u0001\r\n\r\n", "é");
        String readable =
                message(
                        "NATS/1.0\r\n"
                                + "n:=?utf-8?B?6K6i5Y2V?=\r\n"
                                + "ok:1\r\n"
                                + "=?utf-8?B?w7w=?=:=?utf-8?B?AQ==?=\r\n\r\n",
                        "é");
        for (int most : new int[] {1, 2, 3, 7, 50, 100_000}) {
            assertThat(through(around + plain + foreign + plain + foreign + around, most))
                    .as("%d bytes at once", most)
                    .isEqualTo(around + plain + readable + plain + readable + around);
        }
    }

    @Test
    void largePayloadsPass() throws IOException {
        String wire = message("NATS/1.0\r\nn:é\r\n\r\n", "x".repeat(300_000)) + "PING\r\n";
        assertThat(through(wire, 100_000)).endsWith("x".repeat(300_000) + "\r\nPING\r\n");
    }
}
