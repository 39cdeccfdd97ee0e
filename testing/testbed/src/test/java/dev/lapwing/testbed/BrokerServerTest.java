// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

class BrokerServerTest {

    /** Each broker, and a first word that it answers. */
    enum Kind {
        REDIS(RedisServer::start, "PING\r\n", "+PONG"),
        NATS(NatsServer::start, "", "INFO {"),
        KAFKA(KafkaServer::start, "\0\0\0\17\0\22\0\0\0\0\0\7\0\5words", "\0\0"),
        RABBIT(RabbitServer::start, "AMQP\0\0\11\1", "\1\0\0");

        private final Supplier<BrokerServer> starter;
        private final String word;
        private final String answer;

        Kind(Supplier<BrokerServer> starter, String word, String answer) {
            this.starter = starter;
            this.word = word;
            this.answer = answer;
        }

        void assertAnswersAt(int port) {
            assertThat(Probe.answer(port, word)).startsWith(answer);
        }
    }

    @ParameterizedTest
    @EnumSource
    void serverComesBackOnItsPortAfterAnyEnd(Kind kind) {
        Path folder;
        try (BrokerServer server = kind.starter.get()) {
            folder = server.log().getParent();
            kind.assertAnswersAt(server.port());

            server.kill();
            assertThat(Probe.accepts(server.port())).isFalse();
            server.startAgain();
            kind.assertAnswersAt(server.port());

            server.stop();
            assertThat(Probe.accepts(server.port())).isFalse();
            assertThatThrownBy(server::kill).hasMessageContaining("does not run");
            server.startAgain();
            kind.assertAnswersAt(server.port());
        }
        assertThat(Files.exists(folder)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void pausedServerAnswersAgainWhenResumed(Kind kind) throws IOException {
        try (BrokerServer server = kind.starter.get();
                LinkProxy proxy = server.proxy()) {
            server.pause();
            try (Socket socket = new Socket("127.0.0.1", proxy.port())) {
                socket.getOutputStream().write(kind.word.getBytes(StandardCharsets.ISO_8859_1));
                socket.setSoTimeout(200);
                assertThatThrownBy(() -> socket.getInputStream().read())
                        .isInstanceOf(java.net.SocketTimeoutException.class);

                server.resume();
                socket.setSoTimeout(30_000);
                byte[] answer = socket.getInputStream().readNBytes(kind.answer.length());
                assertThat(new String(answer, StandardCharsets.ISO_8859_1)).isEqualTo(kind.answer);
            }
        }
    }
}
