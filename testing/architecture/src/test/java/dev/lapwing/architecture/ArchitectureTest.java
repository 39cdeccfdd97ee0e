// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.stream.Stream;

class ArchitectureTest {
    private static final String ROOT = "dev.lapwing";
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(location -> !location.contains("/test-classes/"))
                    .importPackages(ROOT);

    @TestFactory
    Stream<DynamicTest> everyRoomObeys() {
        return new House(ROOT)
                .rules().stream()
                        .map(rule ->
                                DynamicTest.dynamicTest(
                                        rule.getDescription(), () -> rule.check(CLASSES)));
    }

    @Test
    void everyRoomIsOnTheClassPathOfTheseTests() {
        for (Room room : Room.values()) {
            assertThat(CLASSES.containPackage(room.in(ROOT))).as(room.in(ROOT)).isTrue();
        }
    }
}
