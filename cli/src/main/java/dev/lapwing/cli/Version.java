// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What {@code --version} prints: the version is written into a resource by the build. */
final class Version implements IVersionProvider {

    Version() {}

    @Override
    public String[] getVersion() throws IOException {
        var properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
            if (in != null) {
                properties.load(in);
            }
        }
        return new String[] {
            "lapwing %s (Java %s)"
                    .formatted(
                            properties.getProperty("version", "unknown"),
                            Runtime.version().feature())
        };
    }
}
