// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/**
 * The two programs that Lapwing began with: an HTTP client that posts JSON strings, and a WebSocket
 * client that prints what comes and sends the last text back again and again, beginning with an
 * empty one.
 */
class FirstProgramsTest {

    @TempDir Path folder;

    @Test
    void clientThatSendsItsLastTextBackGetsEveryEvent() throws Exception {
        try (Server server = Server.start(folder);
                var client = new RawWebSocket(server.port(), "/subscribe/newtopic")) {
            client.send("");
            server.post("newtopic", "\"This is a new event\"");

            RawWebSocket.Frame event = client.next();
            assertThat(event.isText()).isTrue();
            assertThat(event.text()).isEqualTo("This is a new event");

            for (int turn = 0; turn < 20; turn++) {
                client.send(event.text());
                server.post("newtopic", "\"event " + turn + "\"");
                event = client.next();
                assertThat(event.text()).isEqualTo("event " + turn);
            }
        }
    }

    @Test
    void everySubscriberOfATopicGetsTheEventAndOthersDoNot() throws Exception {
        try (Server server = Server.start(folder);
                var one = new RawWebSocket(server.port(), "/subscribe/newtopic");
                var two = new RawWebSocket(server.port(), "/subscribe/newtopic");
                var other = new RawWebSocket(server.port(), "/subscribe/other")) {
            server.post("newtopic", "\"for two\"");
            server.post("other", "\"for one\"");

            assertThat(one.next().text()).isEqualTo("for two");
            assertThat(two.next().text()).isEqualTo("for two");
            assertThat(other.next().text()).isEqualTo("for one");
        }
    }
}
