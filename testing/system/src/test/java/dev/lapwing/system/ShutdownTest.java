// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;

class ShutdownTest {

    @TempDir Path folder;

    @Test
    void terminatedServerTellsSubscribersWhereToGoOnAndExitsInOrder() throws Exception {
        String resume;
        try (Server server = Server.start(folder);
                var client = new RawWebSocket(server.port(), "/subscribe/t")) {
            server.post("t", "\"one\"");
            assertThat(client.next().text()).isEqualTo("one");

            server.program().terminate();

            RawWebSocket.Frame close = client.next();
            assertThat(close.isClose()).isTrue();
            assertThat(close.closeCode()).isEqualTo(1001);
            assertThat(close.closeReason()).startsWith("shutdown; resume after ");
            resume = close.closeReason().substring("shutdown; resume after ".length());
            client.close();
            assertThat(server.program().exitCode()).isZero();
        }
        try (Server server = Server.start(folder)) {
            server.post("t", "\"two\"");
            try (var client = new RawWebSocket(server.port(), "/subscribe/t?from=" + resume)) {
                assertThat(client.next().text()).isEqualTo("two");
            }
        }
    }

    @Test
    void controlCEndsTheServerInOrder() throws Exception {
        try (Server server = Server.start(folder)) {
            server.program().interrupt();
            assertThat(server.program().exitCode()).isZero();
            assertThat(server.program().err())
                    .contains("Ending: waiting for requests and subscribers");
        }
    }

    @Test
    void secondSignalEndsTheServerAtOnce() throws Exception {
        // A client that does not answer the close keeps the drain waiting for a minute.
        try (Server server = Server.start(folder, "--drain", "60s");
                var client = new RawWebSocket(server.port(), "/subscribe/t")) {
            server.program().terminate();
            server.program().awaitErr("Ending");
            server.program().interrupt();

            assertThat(server.program().exitCode()).isIn(130, 0);
            assertThat(drained(client)).isTrue();
        }
    }

    private static boolean drained(RawWebSocket client) throws IOException {
        try {
            while (true) {
                client.next();
            }
        } catch (EOFException | SocketException e) {
            return true;
        }
    }
}
