// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a figure depends on beside the code: processor, kernel, JDK and file system. */
record Machine(
        String processor, int cores, long memoryBytes, String kernel, String jdk, String files) {

    /** The facts of this machine; the file system is that of the given directory. */
    static Machine here(Path data) throws IOException {
        return new Machine(
                line(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(line(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", ""))
                        * 1024,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.vendor") + " " + Runtime.version(),
                Files.getFileStore(data).type());
    }

    private static String line(Path file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    @Override
    public String toString() {
        return "%s, %d cores shared by servers and clients, %d GiB; %s; %s; %s"
                .formatted(
                        processor,
                        cores,
                        Math.round(memoryBytes / 1073741824.0),
                        kernel,
                        jdk,
                        files);
    }
}
