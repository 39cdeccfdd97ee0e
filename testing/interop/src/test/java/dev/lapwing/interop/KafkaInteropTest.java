// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.testbed.KafkaServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Beside kcat, which is librdkafka. */
class KafkaInteropTest {

    private static final KafkaServer SERVER = KafkaServer.shared();
    private static final String ADDRESS = SERVER.host() + ":" + SERVER.port();

    /** What Kafka, which knows ASCII alone, calls the topic. */
    private static final String KAFKA_TOPIC = "_x6279-91cf-8ba2-5355_";

    @TempDir Path folder;

    @Test
    void kcatReadsWhatLapwingWrites() throws Exception {
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.publish(Sample.message().copyTo(Sample.TOPIC).key("Größe").build());
        }
        // Headers, key and length stand in a line each, the payload behind them.
        byte[] output =
                Foreign.run(
                        new byte[0],
                        List.of(
                                "kcat",
                                "-C",
                                "-q",
                                "-b",
                                ADDRESS,
                                "-t",
                                KAFKA_TOPIC,
                                "-o",
                                "beginning",
                                "-c",
                                "1",
                                "-f",
                                "%h\\n%k\\n%S\\n%s"));
        var in = new DataInputStream(new ByteArrayInputStream(output));
        var headers = new TreeMap<String, String>();
        for (String header : line(in).split(",")) {
            int equals = header.indexOf('=');
            headers.put(header.substring(0, equals), header.substring(equals + 1));
        }
        assertThat(line(in)).isEqualTo("Größe");
        byte[] payload = in.readNBytes(Integer.parseInt(line(in)));
        Sample.assertWhole(new Foreign.Seen(payload, headers));
        assertThat(in.read()).isEqualTo(-1);
    }

    private static String line(DataInputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            assertThat(b).as("the output of kcat").isNotNegative();
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Test
    void lapwingReadsWhatKcatWrites() throws Exception {
        Path payload = Files.write(folder.resolve("payload"), Sample.payload());
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.subscribe(Sample.TOPIC).group("foreign").handle(d -> inbox.add(d.message()));
            Foreign.run(
                    new byte[0],
                    List.of(
                            "kcat",
                            "-P",
                            "-b",
                            ADDRESS,
                            "-t",
                            KAFKA_TOPIC,
                            "-k",
                            "Schlüssel",
                            "-H",
                            Sample.HEADER + "=" + Sample.VALUE,
                            "-H",
                            Sample.UNICODE_HEADER + "=" + Sample.UNICODE_VALUE,
                            payload.toString()));
            Message message = inbox.next();
            while (message.key().equals(Optional.of("Größe"))) {
                message = inbox.next(); // what the other test wrote
            }
            Sample.assertWhole(message);
            assertThat(message.key()).contains("Schlüssel");
        }
    }
}
