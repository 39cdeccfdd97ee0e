// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** A program that a package of the system brings. */
final class Binary {

    private Binary() {}

    /** The file of a program, looked for on the path and where the system's servers lie. */
    static Path find(String program, String debianPackage, String remedy) {
        return Stream.concat(
                        Arrays.stream(
                                System.getenv()
                                        .getOrDefault("PATH", "")
                                        .split(File.pathSeparator, -1)),
                        Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> missing(program, debianPackage, remedy));
    }

    static IllegalStateException missing(String program, String debianPackage, String remedy) {
        return new IllegalStateException(
                "%s is not on this machine: install the Debian package %s (./verify does it)%s"
                        .formatted(program, debianPackage, remedy));
    }
}
