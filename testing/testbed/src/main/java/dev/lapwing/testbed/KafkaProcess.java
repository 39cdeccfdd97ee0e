// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import kafka.Kafka;
import kafka.tools.StorageTool;

import java.nio.file.Files;
import java.nio.file.Path;

/** The main class of a Kafka server's JVM, which prepares an empty storage first. */
final class KafkaProcess {

    private KafkaProcess() {}

    /**
     * Runs until it is killed.
     *
     * @param arguments the configuration file, the folder of the data, the cluster's id
     */
    static void main(String[] arguments) {
        String configuration = arguments[0];
        if (!Files.exists(Path.of(arguments[1], "meta.properties"))) {
            String[] format = {"format", "-c", configuration, "-t", arguments[2]};
            int status = StorageTool.execute(format, System.out);
            if (status != 0) {
                System.exit(status);
            }
        }
        Kafka.main(new String[] {configuration});
    }
}
