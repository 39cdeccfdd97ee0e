// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.accessTargetWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.lang.ArchRule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The rules that every class of the rooms under one root package obeys. */
final class House {
    private static final String FORBIDDEN_NAMES = ".*(Manager|Helper|Helpers|Util|Utils|Impl)";
    private static final Set<String> AMBIENT =
            Set.of(
                    "java.lang.System.currentTimeMillis()",
                    "java.lang.Math.random()",
                    "java.time.Instant.now()",
                    "java.time.LocalDateTime.now()",
                    "java.time.ZonedDateTime.now()");

    private final String root;

    House(String root) {
        this.root = root;
    }

    /** Every rule, in the order in which a reader wants to hear of its breach. */
    List<ArchRule> rules() {
        List<ArchRule> rules = new ArrayList<>();
        for (Room room : Room.values()) {
            if (room != Room.CLI) { // which wires everything
                rules.add(standsOnlyOnWhatItMay(room));
            }
        }
        rules.add(roomsAreNotInCircles());
        rules.add(gatewayKnowsNoSockets());
        rules.add(nobodyPrints());
        rules.add(nobodyIsNamedForNothing());
        rules.add(timeAndChanceAreInjected());
        return rules;
    }

    private ArchRule standsOnlyOnWhatItMay(Room room) {
        return classes()
                .that()
                .resideInAPackage(room.in(root))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(room.allowed(root))
                .as(room + " stands only on what it may");
    }

    private ArchRule roomsAreNotInCircles() {
        return slices().matching(root + ".(*)")
                .should()
                .beFreeOfCycles()
                .as("no rooms stand on each other");
    }

    private ArchRule gatewayKnowsNoSockets() {
        return noClasses()
                .that()
                .resideInAPackage(Room.GATEWAY.in(root))
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.net", "java.nio.channels"))
                .as("GATEWAY knows no sockets");
    }

    private ArchRule nobodyPrints() {
        return noClasses()
                .that()
                .resideInAnyPackage(Room.allBut(root, Room.CLI))
                .should(ACCESS_STANDARD_STREAMS)
                .as("only the command prints");
    }

    private ArchRule nobodyIsNamedForNothing() {
        return noClasses().should().haveNameMatching(FORBIDDEN_NAMES).as("names tell a role");
    }

    /** A clock has to read the machine's; a message that a program builds is dated when built. */
    private ArchRule timeAndChanceAreInjected() {
        return noClasses()
                .that()
                .resideInAnyPackage(Room.allBut(root, Room.API, Room.CLI))
                .and()
                .haveNameNotMatching(".*Clock(\\$.*)?")
                .should(
                        accessTargetWhere(
                                DescribedPredicate.<JavaAccess<?>>describe(
                                        "is the clock or chance of the machine",
                                        access ->
                                                AMBIENT.contains(
                                                        access.getTarget().getFullName()))))
                .as("time and chance are injected");
    }
}
