// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.nio.file.Path;

/** Who may start and stop a server, and how. */
sealed interface Lifecycle permits OwnServer, RabbitNode, ForeignServer {
    void start();

    void stop();

    void kill();

    void pause();

    void resume();

    Path log();

    void close();
}
