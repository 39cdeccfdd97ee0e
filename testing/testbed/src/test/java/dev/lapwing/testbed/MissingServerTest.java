// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class MissingServerTest {

    @Test
    void missingProgramNamesItsPackageAndTheVariable() {
        assertThatThrownBy(() ->
                        Binary.find(
                                "no-such-server",
                                "redis-server",
                                ", or name a running server in LAPWING_TEST_REDIS"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "no-such-server is not on this machine: install the Debian package"
                                + " redis-server (./verify does it), or name a running server in"
                                + " LAPWING_TEST_REDIS");
    }

    @Test
    void serverOfSomebodyElseIsNotKilled() {
        ForeignServer server =
                new ForeignServer("LAPWING_TEST_REDIS", "redis://tests:secret@broker:6379");
        assertThatThrownBy(server::kill)
                .hasMessageContaining("LAPWING_TEST_REDIS")
                .hasMessageContaining("redis://tests:***@broker:6379")
                .hasMessageContaining("use a server of the test's own");
    }

    @Test
    void serverThatEndsAtOnceTellsWhatItLogged() {
        Path folder = OwnServer.folder("failing");
        OwnServer server =
                new OwnServer(
                        "failing-server",
                        folder,
                        List.of("sh", "-c", "echo no room for data; exit 3"),
                        Map.of(),
                        () -> false);
        assertThatThrownBy(server::startOrClose)
                .hasMessageContaining("failing-server ended with exit code 3")
                .hasMessageContaining("no room for data");
    }
}
