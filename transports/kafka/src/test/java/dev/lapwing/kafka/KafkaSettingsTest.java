// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.spi.TransportUri;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;

class KafkaSettingsTest {

    private static KafkaSettings of(String uri) {
        return KafkaSettings.of(TransportUri.parse(uri));
    }

    @Test
    void shortUriHasDefaults() {
        KafkaSettings settings = of("kafka://localhost");
        assertThat(settings.client())
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("security.protocol", "PLAINTEXT");
        assertThat(settings.partitions()).isEqualTo(4);
        assertThat(settings.replication()).isEqualTo((short) -1);
        assertThat(settings.deliveryTimeout()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void userAndPasswordBecomeALogin() {
        KafkaSettings settings = of("kafka://me:p%22w%5C@h1,h2:93?tls=true&sasl=scram-sha-512");
        assertThat(settings.client())
                .containsEntry("bootstrap.servers", "h1:9092,h2:93")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                                + " username=\"me\" password=\"p\\\"w\\\\\";");
        assertThat(settings.shown()).isEqualTo("kafka://h1:9092,h2:93");
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        for (String bad :
                new String[] {
                    "partitions=0",
                    "delivery-timeout=10ms",
                    "refresh=1ms",
                    "tls=yes",
                    "ca=/no/such/file",
                    "tls=true&ca=/no/such/file"
                }) {
            assertThatThrownBy(() -> of("kafka://localhost?" + bad), bad)
                    .isInstanceOf(InvalidUriException.class)
                    .hasMessageContaining("kafka://localhost");
        }
    }

    @Test
    void brokerThatIsNotThereFailsFastAndSaysWhatToDo() throws IOException {
        int port;
        try (var closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        String uri = "kafka://me:secret@127.0.0.1:" + port + "?connect-timeout=1s";
        assertThatThrownBy(() -> Lapwing.connect(uri))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("is it running")
                .hasMessageNotContaining("secret");
    }
}
